import { expect, test } from "vitest";
import type { Message } from "../wire/socket.ts";
import { Failure } from "../chat/failure.ts";
import {
  dropped,
  failed,
  heard,
  placed,
  posted,
  type Post,
  type Posts,
  rewordingOf,
  stored,
} from "./posts.ts";
import { rowsOf, type View } from "./rows.ts";
import { saying } from "./saying.ts";
import type { Entry } from "./timeline.ts";
import { current, NOBODY, told, without } from "./typists.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function message(seq: number, sender: string, at: number, more: Partial<Message> = {}): Entry {
  const event: Message = {
    type: "message",
    room: "r",
    seq,
    at,
    mseq: seq,
    sender,
    client_id: `c${seq}`,
    text: "…",
    ...more,
  };
  return { kind: "message", seq, at, saying: saying(event) };
}

const joined = (seq: number, at: number): Entry => ({
  kind: "note",
  seq,
  at,
  event: { type: "member", room: "r", seq, at, user: "u", name: "바다", change: "joined" },
});

const post = (clientId: string, at: number): Post => ({
  clientId,
  text: "…",
  extras: {},
  at,
  state: "sending",
});

function shown(view: Partial<View>): string[] {
  const whole = {
    entries: [],
    posts: [],
    me: "me",
    readUpTo: undefined,
    atStart: false,
    dayOf: (at: number) => `${Math.floor(at / DAY)}`,
  };
  return rowsOf({ ...whole, ...view }).map((row) => ("head" in row && row.head ? `${row.kind}*` : row.kind));
}

test("what one person says in a row belongs together, until five minutes, another, a reply or a day come between", () => {
  const entries = [
    message(1, "bada", 1),
    message(2, "bada", 2),
    message(3, "me", 3),
    message(4, "me", 4, { reply_to: 1 }),
    message(5, "me", 4 + 6 * MINUTE),
    message(6, "me", DAY + 1),
  ];
  expect(shown({ entries })).toEqual([
    "day",
    "message*",
    "message",
    "message*",
    "message*",
    "message*",
    "day",
    "message*",
  ]);
});

test("two that speak through one hook are two", () => {
  const hook = { origin: "hook" } as const;
  const entries = [message(1, "h", 1, { ...hook, name: "a" }), message(2, "h", 2, { ...hook, name: "b" })];
  expect(shown({ entries })).toEqual(["day", "message*", "message*"]);
});

test("what happened to the room stands between", () => {
  const entries = [message(1, "bada", 1), joined(2, 2), message(3, "bada", 3)];
  expect(shown({ entries })).toEqual(["day", "message*", "note", "message*"]);
});

test("what is new is above the first that I had not read and did not say", () => {
  const entries = [message(1, "bada", 1), message(2, "me", 2), message(3, "bada", 3), message(4, "bada", 4)];
  expect(shown({ entries, readUpTo: 1 })).toEqual([
    "day",
    "message*",
    "message*",
    "new",
    "message*",
    "message",
  ]);
  expect(shown({ entries, readUpTo: 4 })).not.toContain("new");
});

test("what is new begins where it is known to, and not at the oldest message that is held", () => {
  const entries = [message(51, "bada", 1), message(52, "bada", 2)];
  expect(shown({ entries, readUpTo: 7 })).not.toContain("new");
  expect(shown({ entries, readUpTo: 50 })).toEqual(["day", "new", "message*", "message"]);
  expect(shown({ entries, readUpTo: 7, atStart: true })).toEqual(["day", "new", "message*", "message"]);
});

test("what I said stands at the end until it is heard, and keeps its key", () => {
  const posts = [post("c2", 2)];
  expect(shown({ entries: [message(1, "me", 1)], posts })).toEqual(["day", "message*", "post"]);
  const [, waiting] = rowsOf({
    entries: [],
    posts,
    me: "me",
    readUpTo: undefined,
    atStart: true,
    dayOf: () => "",
  });
  const [, there] = rowsOf({
    entries: [message(2, "me", 2)],
    posts: [],
    me: "me",
    readUpTo: undefined,
    atStart: true,
    dayOf: () => "",
  });
  expect(waiting?.key).toBe(there?.key);
});

test("other words for a message stand where it stands, the last ones alone, until it says them itself", () => {
  const was = (message(4, "me", 1) as Extract<Entry, { kind: "message" }>).saying;
  const reworded = (clientId: string) => ({ ...post(clientId, 1), of: 4 });
  let posts = posted(posted([], reworded("c1")), reworded("c2"));
  expect(posts.map(({ clientId }) => clientId)).toEqual(["c2"]);
  expect(shown({ entries: [message(4, "me", 1)], posts })).toEqual(["day", "message*"]);
  expect(rewordingOf(posts, was)?.clientId).toBe("c2");
  posts = stored(posts, "c2", { seq: 9, mseq: 4, at: 1 });
  expect(rewordingOf(posts, was)?.clientId).toBe("c2");
  expect(rewordingOf(posts, { ...was, edited: 9 })).toBeUndefined();
});

test("a post goes when it is heard, by whom it is of", () => {
  const posts: Posts = [post("c1", 1), post("c2", 2)];
  const event = (sender: string) =>
    (message(1, sender, 1) as Extract<Entry, { kind: "message" }>).saying.event;
  expect(heard(posts, [event("me")], "me").map(({ clientId }) => clientId)).toEqual(["c2"]);
  expect(heard(posts, [event("bada")], "me")).toBe(posts);
});

test("a post that was refused says why, and may be sent once more or dropped", () => {
  const refused = failed([post("c1", 1), post("c2", 2)], "c1", new Failure("slow_mode"));
  expect(refused[0]).toMatchObject({ state: "failed", failure: { code: "slow_mode" } });
  expect(posted(refused, post("c1", 3)).map(({ clientId, state }) => `${clientId} ${state}`)).toEqual([
    "c2 sending",
    "c1 sending",
  ]);
  expect(dropped(refused, "c1")).toHaveLength(1);
});

test("a post whose place was jumped over waits for nothing", () => {
  const posts = stored([post("c1", 1), post("c2", 2)], "c1", { seq: 7, mseq: 7, at: 7 });
  expect(placed(posts, 6)).toBe(posts);
  expect(placed(posts, 7).map(({ clientId }) => clientId)).toEqual(["c2"]);
});

test("who types is known until they stop, say something, or were not heard of for a while", () => {
  const types = (user: string, on: boolean) =>
    ({ type: "typing", room: "r", user, on, expires_in_ms: 6_000 }) as const;
  let typists = told(told(NOBODY, types("bada", true), 0), types("haneul", true), 1_000);
  expect([...typists.keys()]).toEqual(["bada", "haneul"]);
  expect(current(typists, 2_000)).toEqual({ typists, until: 6_000 });
  expect([...current(typists, 6_000).typists.keys()]).toEqual(["haneul"]);
  typists = without(told(typists, types("bada", false), 2_000), "haneul");
  expect(current(typists, 2_000)).toEqual({ typists, until: Infinity });
});
