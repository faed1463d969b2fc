import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Attention, ELSEWHERE_MS, STILL_MS } from "./attention.ts";

vi.mock("./session.ts", () => ({ chat: { value: undefined } }));

function attend() {
  const said: string[] = [];
  return { said, attention: new Attention((word) => said.push(word), Date.now) };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("who is still for a while is away, and back with the first move", () => {
  const { said, attention } = attend();
  vi.advanceTimersByTime(STILL_MS - 1);
  attention.sign();
  vi.advanceTimersByTime(STILL_MS - 1);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(said).toEqual(["away"]);
  attention.sign();
  attention.sign();
  expect(said).toEqual(["away", "online"]);
  vi.advanceTimersByTime(STILL_MS);
  expect(said).toEqual(["away", "online", "away"]);
});

test("who looks at something else is away sooner, but not at once, and back when they look here", () => {
  const { said, attention } = attend();
  attention.shown(false);
  vi.advanceTimersByTime(ELSEWHERE_MS - 1);
  attention.shown(true);
  attention.shown(false);
  vi.advanceTimersByTime(ELSEWHERE_MS - 1);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(said).toEqual(["away"]);
  attention.shown(true);
  expect(said).toEqual(["away", "online"]);
});

test("who is in a call is there without a move, and has their time again when it is over", () => {
  const { said, attention } = attend();
  attention.engaged(true);
  attention.shown(false);
  vi.advanceTimersByTime(3 * STILL_MS);
  expect(said).toEqual([]);
  attention.engaged(false);
  vi.advanceTimersByTime(ELSEWHERE_MS - 1);
  expect(said).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(said).toEqual(["away"]);
});

test("nothing is said any more once it is over", () => {
  const { said, attention } = attend();
  attention.close();
  vi.advanceTimersByTime(STILL_MS);
  expect(said).toEqual([]);
});
