import fc from "fast-check";
import { expect, test } from "vitest";
import type { Timer, TimerState } from "../wire/socket.ts";
import { after, clock, nextSecond, NONE, phaseAt, remainingAt } from "./timer.ts";

const CHANGES = ["started", "paused", "resumed", "reset", "ended"] as const;
let seqs = 0;

function event(change: Timer["change"], at: number, more: Partial<Timer> = {}): Timer {
  return { type: "timer", room: "r", seq: ++seqs, change, at, ...more };
}

function told(...events: Timer[]): TimerState {
  return events.reduce(after, NONE);
}

test("a pause keeps what is left, and going on ends that much later", () => {
  const started = event("started", 1_000, { duration_ms: 60_000 });
  const paused = told(started, event("paused", 21_000));
  expect(remainingAt(paused, 999_999)).toBe(40_000);
  const resumed = after(paused, event("resumed", 100_000));
  expect(resumed.ends_at).toBe(140_000);
  expect(remainingAt(resumed, 130_000)).toBe(10_000);
});

test("it is over at its end whether or not that was announced, and cannot be paused then", () => {
  const timer = told(event("started", 0, { duration_ms: 5_000 }));
  expect(phaseAt(timer, 4_999)).toBe("running");
  expect(phaseAt(timer, 5_000)).toBe("ended");
  expect(after(timer, event("paused", 5_001)).phase).toBe("ended");
});

test("the end of one that was started anew says nothing of the new one", () => {
  const first = event("started", 0, { duration_ms: 5_000 });
  const timer = told(first, event("started", 4_000, { duration_ms: 60_000 }));
  expect(after(timer, event("ended", 5_000, { run: first.seq })).phase).toBe("running");
});

test("what was taken in already changes nothing", () => {
  const started = event("started", 0, { duration_ms: 5_000 });
  const timer = told(started, event("reset", 10));
  expect(after(timer, started)).toBe(timer);
});

test("whatever happens, what is left lies between nothing and all of it, and never grows while it runs", () => {
  const step = fc.record({
    change: fc.constantFrom(...CHANGES),
    afterMs: fc.integer({ min: 0, max: 90_000 }),
    duration_ms: fc.integer({ min: 1_000, max: 120_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let [timer, now] = [NONE, 0];
      for (const { change, afterMs, duration_ms } of steps) {
        now += afterMs;
        timer = after(timer, event(change, now, { duration_ms, run: timer.run ?? null }));
        const left = remainingAt(timer, now);
        expect(left).toBeGreaterThanOrEqual(0);
        expect(left).toBeLessThanOrEqual(timer.duration_ms ?? 0);
        expect(remainingAt(timer, now + 500)).toBeLessThanOrEqual(left);
        expect(nextSecond(timer, now)).toBeGreaterThan(now);
      }
    }),
  );
});

test("time is shown as a clock shows it", () => {
  expect(clock(0)).toBe("0:00");
  expect(clock(1)).toBe("0:01");
  expect(clock(25 * 60_000)).toBe("25:00");
  expect(clock(3_599_001)).toBe("1:00:00");
  expect(clock(86_400_000)).toBe("24:00:00");
});
