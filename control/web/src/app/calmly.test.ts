import { signal } from "@preact/signals";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { calmly } from "./calmly.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what is counted and taken back within a moment is never told", () => {
  const count = signal(0);
  const told = calmly(count, 1000);
  const heard: number[] = [];
  told.subscribe((now) => heard.push(now));
  for (let i = 0; i < 50; i += 1) {
    count.value = 5;
    vi.advanceTimersByTime(15);
    count.value = 0;
    vi.advanceTimersByTime(85);
  }
  vi.advanceTimersByTime(2000);
  expect(heard).toEqual([0]);
});

test("a count that grows is told once in a while, and all of it in the end", () => {
  const count = signal(0);
  const told = calmly(count, 1000);
  const heard: number[] = [];
  told.subscribe((now) => heard.push(now));
  for (let i = 0; i < 30; i += 1) {
    count.value += 1;
    vi.advanceTimersByTime(100);
  }
  vi.advanceTimersByTime(2000);
  expect(heard.at(-1)).toBe(30);
  expect(heard.length).toBeLessThan(6);
  expect(vi.getTimerCount()).toBe(0);
});

test("what is read by now is told as that the next time", () => {
  const count = signal(7);
  const told = calmly(count, 1000);
  count.value = 0;
  vi.advanceTimersByTime(1000);
  expect(told.value).toBe(0);
});
