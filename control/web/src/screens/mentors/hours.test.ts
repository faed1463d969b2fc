import { expect, test } from "vitest";
import { language } from "../../words/language.ts";
import { endOfDay, gathered, nameOfDay, onClock } from "./hours.ts";

test("a week begins on Monday, in either language", () => {
  language.value = "ko";
  expect(nameOfDay(1)).toBe("월요일");
  language.value = "en";
  expect(nameOfDay(7)).toBe("Sunday");
  language.value = "ko";
});

test("days with the same hours are said together, in the order of the week, and none twice", () => {
  const evening = { begins: "20:00", ends: "22:00" };
  expect(
    gathered([
      { day: 3, ...evening },
      { day: 1, ...evening },
      { day: 3, ...evening },
      { day: 2, begins: "09:00", ends: "10:00" },
    ]),
  ).toEqual([
    { days: [1, 3], ...evening },
    { days: [2], begins: "09:00", ends: "10:00" },
  ]);
});

test("who stays until midnight chooses 00:00 and has it back", () => {
  expect(endOfDay("00:00")).toBe("24:00");
  expect(onClock(endOfDay("00:00"))).toBe("00:00");
  expect(endOfDay("21:30")).toBe("21:30");
});
