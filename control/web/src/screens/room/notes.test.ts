import { beforeEach, expect, test } from "vitest";
import type { Event } from "../../wire/socket.ts";
import { language } from "../../words/language.ts";
import { noteOf } from "./notes.ts";

const PLACE = { seq: 7, at: 0, room: "r" } as const;
const WHO = { user: "1", name: "바다", by: "2" } as const;

beforeEach(() => {
  language.value = "ko";
});

test("a role, a name and a timer are told in words that fit any of them", () => {
  const role: Event = { ...PLACE, ...WHO, type: "member", change: "role", role: "owner" };
  const renamed: Event = { ...PLACE, type: "room", by: "2", title: "나루" };
  const timer = { ...PLACE, type: "timer", by: "2", timer: 7, change: "started" } as const;
  expect(noteOf(role)).toBe("바다 님의 역할이 방장(으)로 바뀌었어요");
  expect(noteOf(renamed)).toBe("방 이름이 바뀌었어요: 나루");
  expect(noteOf({ ...timer, duration_ms: 20_000 })).toBe("20초 타이머가 시작됐어요");
  expect(noteOf({ ...timer, duration_ms: 300_000 })).toBe("5분 타이머가 시작됐어요");
  language.value = "en";
  expect(noteOf(role)).toBe("The role of 바다 is owner now");
});
