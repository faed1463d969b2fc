import { expect, test } from "vitest";
import type { Attachment, Message } from "../../wire/socket.ts";
import { picturesOf } from "./gallery.ts";

function file(id: string, media_type: string): Attachment {
  return { id, name: id, size: 1, media_type };
}

function message(seq: number, ...attachments: Attachment[]): Message {
  const place = { room: "r", seq, mseq: seq, at: seq, sender: "1", client_id: `${seq}` };
  return { ...place, type: "message", text: "", kind: "image", attachments };
}

const EVENTS = [
  message(4, file("a", "image/png")),
  message(6, file("b", "image/png"), file("c", "text/plain"), file("d", "image/webp")),
  message(7, file("e", "image/png")),
];

test("pictures stand there newest first, those of one message in its order, and nothing that is none", () => {
  const { items, next } = picturesOf({ events: EVENTS, more: false }, "me");
  expect(items.map(({ picture, event }) => [picture.id, event.seq])).toEqual([
    ["e", 7],
    ["b", 6],
    ["d", 6],
    ["a", 4],
  ]);
  expect(next).toBeNull();
});

test("what was deleted since is not shown, and the next page lies before the oldest that was told", () => {
  const { items, next } = picturesOf(
    { events: EVENTS, more: true, states: [{ seq: 7, deleted: { seq: 8, at: 8, by: "1" } }] },
    "me",
  );
  expect(items.map(({ picture }) => picture.id)).toEqual(["b", "d", "a"]);
  expect(next).toBe("4");
});
