import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { atMoment } from "./moment.ts";

vi.mock("./session.ts", () => ({}));
beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const DAY = 24 * 3_600_000;

test.each([0, 1, 60_000, 40 * DAY])("what ends in %i ms ends then, once, whatever else happens", (ms) => {
  const due = vi.fn();
  atMoment(Date.now() + ms, Date.now, due);
  vi.advanceTimersByTime(Math.max(0, ms - 1));
  expect(due).toHaveBeenCalledTimes(ms === 0 ? 1 : 0);
  vi.advanceTimersByTime(41 * DAY);
  expect(due).toHaveBeenCalledTimes(1);
});

test("what is known better meanwhile counts: a clock that was ahead ends nothing early", () => {
  const due = vi.fn();
  let ahead = 0;
  atMoment(Date.now() + 1_000, () => Date.now() - ahead, due);
  ahead = 500;
  vi.advanceTimersByTime(1_499);
  expect(due).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(due).toHaveBeenCalled();
});

test("nothing ends that nobody waits for any more", () => {
  const due = vi.fn();
  atMoment(Date.now() + 1_000, Date.now, due)();
  vi.advanceTimersByTime(1_000);
  expect(due).not.toHaveBeenCalled();
});
