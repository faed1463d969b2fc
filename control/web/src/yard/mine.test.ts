import { expect, test } from "vitest";
import type { MyRoom } from "../wire/http.ts";
import { after, fetched, heard, inOrder, unread } from "./mine.ts";

const ME = "me";

function room(id: string, changes: Partial<MyRoom> = {}): MyRoom {
  return {
    id,
    kind: "group",
    title: id,
    title_en: null,
    category: null,
    image: null,
    visibility: "public",
    capacity: 300,
    member_count: 2,
    membership: { role: "member", joined_at: 1, muted_until: null, last_read: 5, notifications: "all" },
    unread: 0,
    mentions: 0,
    last_message: { seq: 9, mseq: 5, at: 100, sender: "other", text: "안녕" },
    faces: [{ id: "other", nickname: "바다", bot: false, avatar: null, state: "online" }],
    ...changes,
  };
}

const said = { type: "personal.message", room: "a", seq: 12, mseq: 7, at: 200, sender: "other" } as const;

test("what was said elsewhere counts at once, and its text is asked for", () => {
  const { rooms, stale } = after([room("a")], said, ME);
  expect([rooms[0]?.unread, stale]).toEqual([2, true]);
});

test("what I said on another device is read", () => {
  const { rooms } = after([room("a", { unread: 1, mentions: 1 })], { ...said, sender: ME }, ME);
  expect([rooms[0]?.unread, rooms[0]?.mentions]).toEqual([0, 0]);
});

test("news that comes late changes nothing", () => {
  const mine = [room("a")];
  expect(after(mine, { ...said, mseq: 5, seq: 9 }, ME)).toEqual({ rooms: mine, stale: false });
});

test("a room that is not known is asked for", () => {
  expect(after([], said, ME)).toEqual({ rooms: [], stale: true });
});

test("what was read on another device is read here", () => {
  const read = { type: "personal.read", room: "a", mseq: 6, unread: 1 } as const;
  const { rooms } = after([room("a", { unread: 3, mentions: 2 })], read, ME);
  expect([rooms[0]?.unread, rooms[0]?.mentions, rooms[0]?.membership.last_read]).toEqual([1, 2, 6]);
});

test("a room that I am out of is gone", () => {
  const out = { type: "personal.room", room: "a", change: "kicked" } as const;
  expect(after([room("a"), room("b")], out, ME).rooms.map((each) => each.id)).toEqual(["b"]);
});

test("somebody who changed their name is called by it, and so is the room of us two", () => {
  const news = { type: "profile", user: "other", nickname: "파도" } as const;
  const { rooms } = after([room("a", { kind: "direct", title: "바다" })], news, ME);
  expect([rooms[0]?.title, rooms[0]?.faces[0]?.nickname]).toEqual(["파도", "파도"]);
});

test("who spoke last is first, and what was heard in an open room is read", () => {
  const message = { seq: 20, mseq: 6, at: 500, sender: "other", text: "새 소식" };
  const rooms = heard(inOrder([room("a"), room("b", { unread: 1 })]), "b", message, true);
  expect(rooms.map((each) => each.id)).toEqual(["b", "a"]);
  expect(rooms[0]?.unread).toBe(0);
  expect(heard(rooms, "b", { ...message, text: "되풀이" }, false)).toEqual(rooms);
});

test("what was heard and is looked at a moment later is read", () => {
  const message = { seq: 20, mseq: 8, at: 500, sender: "other", text: "새 소식" };
  const [unseen] = heard([room("a")], "a", message, false);
  expect(unseen?.unread).toBe(3);
  expect(heard([unseen!], "a", message, true)[0]?.unread).toBe(0);
});

test("what is read while the list is on its way is not unread again when it comes", () => {
  const last = { seq: 20, mseq: 8, at: 500, sender: "other", text: "새 소식" };
  const asked = [room("a", { unread: 3, mentions: 1, last_message: last }), room("b", { unread: 2 })];
  const [a, b] = fetched(asked, heard([room("a"), room("b")], "a", last, true));
  expect([a?.unread, a?.mentions, a?.membership.last_read, b?.unread]).toEqual([0, 0, 8, 2]);
  const [newer] = fetched([{ ...asked[0]!, last_message: { ...last, mseq: 9 }, unread: 4 }], [a!]);
  expect([newer?.unread, newer?.mentions]).toEqual([1, 1]);
});

test("a room that is muted adds nothing to what is unread", () => {
  const muted = { ...room("b").membership, notifications: "none" as const };
  expect(unread([room("a", { unread: 2 }), room("b", { unread: 9, membership: muted })])).toBe(2);
});
