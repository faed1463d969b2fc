/** A thread is the message and its replies as they are by now, whatever comes while a page is on its way. */

import { expect, test } from "vitest";
import type { Event, Message, State } from "../wire/socket.ts";
import { MOST, Thread } from "./thread.ts";

const ROOT = said(5);

function said(seq: number, replyTo?: number): Message {
  const place = { room: "room", seq, at: seq, mseq: seq };
  const reply = replyTo === undefined ? {} : { reply_to: replyTo };
  return { type: "message", ...place, sender: "bada", client_id: `c${seq}`, text: `t${seq}`, ...reply };
}

function edit(seq: number, of: number): Event {
  return { type: "message.edited", room: "room", seq, at: seq, of, text: `e${seq}`, by: "bada" };
}

function texts(thread: Thread): string[] {
  return thread.entries.map((entry) => (entry.kind === "message" ? entry.saying.text : ""));
}

test("begins with its message where all replies are held, and grows at both ends", () => {
  const thread = new Thread(5, "me");
  thread.page({ events: [ROOT, said(20, 5), said(22, 5)], more: true, as_of: 22 }, "newest");
  expect([texts(thread), thread.first]).toEqual([["t20", "t22"], 20]);
  thread.heard(said(23, 5));
  thread.heard(said(24, 6));
  thread.page({ events: [ROOT, said(7, 5), said(9, 5)], more: false, as_of: 24 }, "before");
  expect(texts(thread)).toEqual(["t5", "t7", "t9", "t20", "t22", "t23"]);
});

test("has what was said and changed while its page was on its way, once", () => {
  const thread = new Thread(5, "me");
  const states: State[] = [{ seq: 5, replies: 1, replied: 7 }];
  thread.heard(said(8, 5));
  thread.heard(edit(9, 7));
  thread.page({ events: [ROOT, said(7, 5)], states, more: false, as_of: 7 }, "newest");
  expect([texts(thread), thread.root?.replies]).toEqual([["t5", "e9", "t8"], 2]);
  thread.page({ events: [ROOT, said(7, 5), said(8, 5)], states, more: false, as_of: 8 }, "newest");
  expect(texts(thread)).toEqual(["t5", "e9", "t8"]);
});

test("follows what becomes of its message and its replies, and of nothing else", () => {
  const thread = new Thread(5, "me");
  thread.page({ events: [ROOT, said(7, 5)], more: false, as_of: 7 }, "newest");
  expect(thread.heard(edit(8, 4))).toBe(false);
  expect(thread.heard(edit(9, 5))).toBe(true);
  expect(thread.heard({ type: "message.deleted", room: "room", seq: 10, at: 10, of: 7, by: "bada" })).toBe(
    true,
  );
  expect(texts(thread)).toEqual(["e9", ""]);
  thread.heard({ type: "void", room: "room", seq: 11, at: 11, of: 7 });
  expect(texts(thread)).toEqual(["e9"]);
});

test("holds so many replies and no more, and fetches the oldest again", () => {
  const thread = new Thread(5, "me");
  thread.page({ events: [ROOT], more: false, as_of: 5 }, "newest");
  for (let seq = 6; seq < 8 + MOST; seq += 1) thread.heard(said(seq, 5));
  expect([thread.entries.length, thread.first, thread.atStart]).toEqual([MOST, 8, false]);
});
