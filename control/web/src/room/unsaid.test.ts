/** What was written and not heard outlives the page, once, and nobody but its author finds it. */

import { describe, expect, test } from "vitest";
import { Memory } from "../app/memory.ts";
import { Failure } from "../chat/failure.ts";
import type { Post } from "./posts.ts";
import { forgetAll, NOTHING, Unsaid } from "./unsaid.ts";

/** One that may be full. */
class Shelf extends Memory {
  isFull = false;

  override setItem(key: string, value: string): void {
    if (this.isFull) throw new DOMException("full", "QuotaExceededError");
    super.setItem(key, value);
  }
}

const NOW = 1_800_000_000_000;

function post(clientId: string, at: number = NOW): Post {
  return {
    clientId,
    text: `say ${clientId}`,
    extras: { replyTo: 4, mentions: ["bada"] },
    at,
    state: "sending",
  };
}

describe("what is unsaid", () => {
  test("is found again in the order in which it was written, with all that belongs to it", () => {
    const shelf = new Shelf();
    const before = new Unsaid("haneul", shelf);
    before.keep("room", post("two", NOW + 2));
    before.keep("room", post("one", NOW + 1));
    before.keep("other", post("three"));
    const after = new Unsaid("haneul", shelf);
    expect(after.posts("room", NOW)).toEqual([post("one", NOW + 1), post("two", NOW + 2)]);
    expect(after.rooms(NOW)).toEqual(["room", "other"]);
    after.forget("room", "one");
    expect(before.posts("room", NOW).map(({ clientId }) => clientId)).toEqual(["two"]);
  });

  test("that was refused is not sent by itself, and says why", () => {
    const shelf = new Shelf();
    const unsaid = new Unsaid("haneul", shelf);
    unsaid.keep("room", post("one"));
    unsaid.fail("room", { ...post("one"), state: "failed", failure: new Failure("slow_mode", "too soon") });
    expect(unsaid.rooms(NOW)).toEqual([]);
    expect(unsaid.posts("room", NOW)).toMatchObject([{ state: "failed", failure: { code: "slow_mode" } }]);
  });

  test("is not there again when it was refused after it had been forgotten", () => {
    const unsaid = new Unsaid("haneul", new Shelf());
    unsaid.keep("room", post("one"));
    unsaid.forget("room", "one");
    unsaid.fail("room", { ...post("one"), state: "failed", failure: new Failure("stopped") });
    expect(unsaid.posts("room", NOW)).toEqual([]);
  });

  test("is its author's alone, and nobody's after a log-out", () => {
    const shelf = new Shelf();
    shelf.setItem("madang.language", "ko");
    const unsaid = new Unsaid("haneul", shelf);
    unsaid.keep("room", post("one"));
    unsaid.leave("room", { text: "half a", files: [] });
    const bada = new Unsaid("bada", shelf);
    expect([bada.posts("room", NOW), bada.draft("room")]).toEqual([[], NOTHING]);
    forgetAll(shelf);
    expect([unsaid.posts("room", NOW), unsaid.draft("room")]).toEqual([[], NOTHING]);
    expect(shelf.getItem("madang.language")).toBe("ko");
  });

  test("is given up after a week, and when it cannot be read", () => {
    const shelf = new Shelf();
    const unsaid = new Unsaid("haneul", shelf);
    unsaid.keep("room", post("old", NOW - 8 * 24 * 3_600_000));
    shelf.setItem("madang.unsent haneul room broken", "{");
    expect(unsaid.posts("room", NOW)).toEqual([]);
    expect(shelf.length).toBe(0);
  });

  test("that finds no room is no reason to fail", () => {
    const shelf = new Shelf();
    shelf.isFull = true;
    new Unsaid("haneul", shelf).keep("room", post("one"));
    expect(new Unsaid("haneul", shelf).posts("room", NOW)).toEqual([]);
  });

  test("is told by its key in another tab", () => {
    const unsaid = new Unsaid("haneul", new Shelf());
    expect(unsaid.clientIdOf("room", "madang.unsent haneul room one")).toBe("one");
    expect(unsaid.clientIdOf("other", "madang.unsent haneul room one")).toBeUndefined();
    expect(unsaid.clientIdOf("room", null)).toBeUndefined();
  });
});

test("a draft is there until it is empty", () => {
  const unsaid = new Unsaid("haneul", new Shelf());
  const file = { id: "f1", name: "a.png", media_type: "image/png", size: 3 };
  unsaid.leave("room", { text: "half a", files: [file] });
  expect(unsaid.draft("room")).toEqual({ text: "half a", files: [file] });
  unsaid.leave("room", NOTHING);
  expect(unsaid.draft("room")).toEqual(NOTHING);
});
