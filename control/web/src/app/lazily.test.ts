import { effect } from "@preact/signals";
import { expect, test, vi } from "vitest";
import { lazily } from "./lazily.ts";

test("what somebody wants to know is fetched once, and told to whoever looked before it came", async () => {
  let asked = 0;
  const seen: (string | undefined)[] = [];
  const lazy = lazily(async () => {
    asked += 1;
    return "here";
  });
  expect(asked).toBe(0);
  const stop = effect(() => void seen.push(lazy.value));
  await Promise.resolve();
  await Promise.resolve();
  expect(lazy.value).toBe("here");
  expect(seen).toEqual([undefined, "here"]);
  expect(asked).toBe(1);
  stop();
});

test("what could not be fetched is asked for again by whoever wants to know a while later", async () => {
  vi.useFakeTimers();
  let asked = 0;
  const lazy = lazily(async () => {
    asked += 1;
    if (asked === 1) throw new Error("away");
    return "here";
  });
  expect(lazy.value).toBeUndefined();
  await vi.advanceTimersByTimeAsync(1000);
  expect(lazy.value).toBeUndefined();
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(lazy.value).toBeUndefined();
  await vi.advanceTimersByTimeAsync(0);
  expect(lazy.value).toBe("here");
  expect(asked).toBe(2);
  vi.useRealTimers();
});
