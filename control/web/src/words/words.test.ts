import { afterEach, expect, test } from "vitest";
import { dictionary } from "./dictionary.ts";
import { language, preferred } from "./language.ts";
import { ago, day, nearTime, shortly, span } from "./times.ts";

afterEach(() => {
  language.value = "ko";
});

test("a person reads the first of their languages that we have, and Korean where we have none", () => {
  expect(preferred(["fr-CA", "en-GB", "ko"])).toBe("en");
  expect(preferred(["ko-KR", "en"])).toBe("ko");
  expect(preferred(["fr"])).toBe("ko");
  expect(preferred([])).toBe("ko");
});

test("words follow the language of the moment", () => {
  const words = dictionary(
    { unread: (n: number) => `안 읽은 메시지 ${n}개` },
    { unread: (n) => (n === 1 ? "1 unread message" : `${n} unread messages`) },
  );
  expect(words.value.unread(2)).toBe("안 읽은 메시지 2개");
  language.value = "en";
  expect(words.value.unread(1)).toBe("1 unread message");
});

test("a moment is told as shortly as it may be and still be understood", () => {
  language.value = "en";
  const now = new Date(2026, 10, 20, 15, 0).getTime();
  expect(shortly(new Date(2026, 10, 20, 9, 5).getTime(), now)).toBe("9:05 AM");
  expect(shortly(new Date(2026, 10, 19, 23, 0).getTime(), now)).toBe("yesterday");
  expect(shortly(new Date(2026, 10, 17, 12, 0).getTime(), now)).toBe("Tue");
  expect(shortly(new Date(2026, 2, 5, 12, 0).getTime(), now)).toBe("Mar 5");
  expect(shortly(new Date(2024, 2, 5, 12, 0).getTime(), now)).toBe("Mar 5, 2024");
  expect(day(new Date(2026, 2, 5).getTime(), now)).toBe("Thursday, March 5");
  expect(nearTime(new Date(2026, 10, 20, 15, 7).getTime(), now)).toBe("3:07 PM");
  expect(nearTime(new Date(2026, 10, 21, 15, 7).getTime(), now)).toBe("Nov 21, 2026, 3:07 PM");
  expect(ago(now - 5 * 60_000, now)).toBe("5 minutes ago");
  expect(ago(now + 60_000, now)).toBe("now");
});

test("a span is told in its largest even unit", () => {
  language.value = "en";
  expect([1, 90, 300, 21_600].map(span)).toEqual(["1 second", "90 seconds", "5 minutes", "6 hours"]);
});
