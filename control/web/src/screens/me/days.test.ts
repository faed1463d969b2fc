/** Days as the wire has them, and as people live them. */

import { expect, test } from "vitest";
import { byDay, dayAfter, dayBefore, minutesOf } from "./days.ts";

const at = (text: string) => new Date(text).getTime();

test("the day before and the day after are found over the ends of months and years", () => {
  expect(dayBefore("2026-03-01")).toBe("2026-02-28");
  expect(dayAfter("2026-12-31")).toBe("2027-01-01");
});

test("what began on one day stands together, in the order it had", () => {
  const times = ["2026-03-06T00:10", "2026-03-05T23:50", "2026-03-05T08:00", "2026-03-01T08:00"];
  const days = byDay(times.map((each) => ({ entered_at: at(each) })));
  expect(days.map((each) => each.length)).toEqual([1, 2, 1]);
  expect(days.flat().map((each) => each.entered_at)).toEqual(times.map(at));
  expect(byDay([])).toEqual([]);
});

test("time is counted in whole minutes, and never backwards", () => {
  expect(minutesOf(at("2026-03-05T23:50"), at("2026-03-06T00:10"))).toBe(20);
  expect(minutesOf(0, 119_999)).toBe(1);
  expect(minutesOf(5_000, 0)).toBe(0);
});
