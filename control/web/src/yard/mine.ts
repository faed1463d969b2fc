/**
 * My rooms as a list: what news does to it. Pure; `rooms.ts` fetches it and keeps it.
 *
 * The server's list is the truth. Between two of its pages, news move counts and order at once; a text that news do not
 * carry is fetched, and stands as it was until then.
 */

import type { LastMessage, MyRoom } from "../wire/http.ts";
import type { News } from "../wire/socket.ts";

export type Mine = readonly MyRoom[];

/** What the list becomes, and whether only the server can tell the rest. */
export interface Step {
  readonly rooms: Mine;
  readonly stale: boolean;
}

/** Who spoke last is first; a room in which nothing was said stands by when I joined it. */
export function inOrder(rooms: Mine): Mine {
  return [...rooms].sort((one, other) => lastly(other) - lastly(one));
}

function lastly(room: MyRoom): number {
  return room.last_message?.at ?? room.membership.joined_at;
}

/** `news` of my own stream, heard by `me`. */
export function after(rooms: Mine, news: News, me: string): Step {
  switch (news.type) {
    case "personal.message": {
      const known = rooms.find((room) => room.id === news.room);
      if (known === undefined) return { rooms, stale: true };
      if (known.last_message !== null && known.last_message.mseq >= news.mseq) return { rooms, stale: false };
      return {
        rooms: changed(rooms, news.room, (room) => unreadUpTo(room, news.mseq, news.sender === me)),
        stale: true,
      };
    }
    case "personal.mention":
      return {
        rooms: changed(rooms, news.room, (room) => ({ ...room, mentions: room.mentions + 1 })),
        stale: false,
      };
    case "personal.read":
      return {
        rooms: changed(rooms, news.room, (room) => readUpTo(room, news.mseq, news.unread, news.mentions)),
        stale: false,
      };
    case "personal.room":
      if (GONE.has(news.change))
        return { rooms: rooms.filter((room) => room.id !== news.room), stale: false };
      return { rooms, stale: true };
    case "profile":
      return {
        rooms: rooms.map((room) => renamed(room, news.user, news.nickname, news.avatar ?? null)),
        stale: false,
      };
    case "presence":
      return { rooms: rooms.map((room) => here(room, news.user, news.state)), stale: false };
    default:
      return { rooms, stale: false };
  }
}

const GONE: ReadonlySet<string> = new Set(["left", "kicked", "banned", "archived"]);

/** Somebody said something in a room that is open here; or it was said before, and `isRead` now. */
export function heard(rooms: Mine, room: string, message: LastMessage, isRead: boolean): Mine {
  return inOrder(
    changed(rooms, room, (before) => {
      const last = before.last_message?.seq ?? 0;
      if (last > message.seq || (last === message.seq && !isRead)) return before;
      const now = { ...before, last_message: message };
      return isRead ? readUpTo(now, message.mseq, 0, 0) : unreadUpTo(now, message.mseq, false);
    }),
  );
}

/** The list as it came; what was read here since it was asked for is read, as far as that goes. */
export function fetched(rooms: Mine, before: Mine): Mine {
  const reading = new Map(before.map(({ id, membership }) => [id, membership.last_read]));
  const further = (room: MyRoom): MyRoom => {
    const read = reading.get(room.id) ?? 0;
    if (read <= room.membership.last_read) return room;
    const left = Math.max(0, (room.last_message?.mseq ?? 0) - read);
    return readUpTo(room, read, Math.min(room.unread, left), null);
  };
  return inOrder(rooms.map(further));
}

/** All that is unread. What is muted does not count. */
export function unread(rooms: Mine): number {
  return rooms.reduce((sum, room) => sum + (room.membership.notifications === "none" ? 0 : room.unread), 0);
}

function unreadUpTo(room: MyRoom, mseq: number, isMine: boolean): MyRoom {
  if (isMine) return readUpTo(room, mseq, 0, 0);
  return { ...room, unread: Math.max(room.unread, mseq - room.membership.last_read) };
}

function readUpTo(room: MyRoom, mseq: number, unread: number, mentions: number | null | undefined): MyRoom {
  const membership = { ...room.membership, last_read: Math.max(mseq, room.membership.last_read) };
  return { ...room, membership, unread, mentions: mentions ?? (unread === 0 ? 0 : room.mentions) };
}

function renamed(room: MyRoom, user: string, nickname: string, avatar: string | null): MyRoom {
  if (!room.faces.some((face) => face.id === user)) return room;
  const faces = room.faces.map((face) => (face.id === user ? { ...face, nickname, avatar } : face));
  return { ...room, faces, title: room.kind === "direct" ? nickname : room.title };
}

function here(room: MyRoom, user: string, state: "away" | "offline" | "online"): MyRoom {
  if (!room.faces.some((face) => face.id === user)) return room;
  return { ...room, faces: room.faces.map((face) => (face.id === user ? { ...face, state } : face)) };
}

function changed(rooms: Mine, id: string, change: (room: MyRoom) => MyRoom): Mine {
  return rooms.map((room) => (room.id === id ? change(room) : room));
}
