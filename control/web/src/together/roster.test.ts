import { expect, test } from "vitest";
import type { CallNow } from "../wire/socket.ts";
import { after, type CallChange, isLater, newer, NOBODY } from "./roster.ts";

const base = { room: "r", user: "u", mic: true, camera: true };

function joined(version: number, count: number, peer: string, at: number = version): CallChange {
  return { type: "call.joined", ...base, version, count, at, peer };
}

function left(version: number, count: number, peer: string): CallChange {
  return { type: "call.left", room: "r", user: "u", why: "left", version, count, at: version, peer };
}

function media(version: number, peer: string, mic: boolean): CallChange {
  return { type: "call.media", ...base, mic, version, count: 2, at: version, peer };
}

function told(...changes: CallChange[]): CallNow {
  return changes.reduce((call, change) => after(call, change) ?? call, NOBODY);
}

const names = (call: CallNow | undefined) => call?.peers.map(({ peer }) => peer);

test("peers stand in the order in which they came, and leave it", () => {
  const call = told(joined(1, 1, "a"), joined(2, 2, "b"), joined(3, 3, "c"), left(4, 2, "b"));
  expect(names(call)).toEqual(["a", "c"]);
  expect(isLater(call, "c", "a")).toBe(true);
  expect(isLater(call, "a", "c")).toBe(false);
});

test("a change that does not follow has the call asked for; one that is known changes nothing", () => {
  const call = told(joined(1, 1, "a"), joined(2, 2, "b"));
  expect(after(call, media(4, "a", false))).toBeUndefined();
  expect(after(call, left(4, 1, "a"))).toBeUndefined();
  expect(after(call, joined(2, 2, "b"))).toBe(call);
});

test("the first to come in and the last to leave leave nothing to ask", () => {
  const call = told(joined(1, 1, "a"), joined(2, 2, "b"));
  expect(after(call, left(9, 0, "b"))?.peers).toEqual([]);
  expect(names(after(call, joined(11, 1, "z")))).toEqual(["z"]);
});

test("a microphone that is turned off is off for this peer alone", () => {
  const call = after(told(joined(1, 1, "a"), joined(2, 2, "b")), media(3, "a", false));
  expect(call?.peers.map(({ mic }) => mic)).toEqual([false, true]);
});

test("what was told later stands, in whichever order it is heard", () => {
  const old = told(joined(1, 1, "a"));
  const late = told(joined(1, 1, "a"), joined(2, 2, "b"));
  expect(newer(late, old)).toBe(late);
  expect(newer(old, late)).toBe(late);
});
