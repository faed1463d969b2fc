/** My rooms, kept true: fetched once, moved by news, fetched anew where news do not tell all. */

import { computed, effect, signal } from "@preact/signals";
import type { Client } from "../chat/client.ts";
import { ask } from "../app/http.ts";
import type { LastMessage, MyRoom, MyRooms } from "../wire/http.ts";
import { chat, me } from "../app/session.ts";
import type { Loaded } from "../app/load.ts";
import { after, fetched, heard, unread, type Mine } from "./mine.ts";

/** At most one fetch in so many milliseconds, however much is said. */
const CALM_MS = 2000;

export const myRooms = signal<Loaded<Mine>>({ kind: "loading" });
export const unreadInAll = computed(() => (myRooms.value.kind === "ready" ? unread(myRooms.value.value) : 0));

let fetching: Promise<void> | undefined;
let following: Promise<void> | undefined;
let planned: ReturnType<typeof setTimeout> | undefined;
let wanted = false;

/** Fetch the list as it is now: after the one that is on its way, which is from before. */
export function reload(): Promise<void> {
  if (fetching === undefined) return (fetching = fetchAll().finally(() => (fetching = undefined)));
  return (following ??= fetching.then(() => {
    following = undefined;
    return reload();
  }));
}

/** Somebody said something in a room that is open here; `isRead`: it was seen at once. */
export function hear(room: string, message: LastMessage, isRead: boolean): void {
  change((rooms) => heard(rooms, room, message, isRead));
}

/** One of my rooms; undefined while they are not known, or when it is none. */
export function roomOfMine(id: string): MyRoom | undefined {
  return myRooms.value.kind === "ready" ? myRooms.value.value.find((room) => room.id === id) : undefined;
}

async function fetchAll(): Promise<void> {
  const owner = me.peek()?.id;
  try {
    const rooms: MyRoom[] = [];
    let cursor: string | null = null;
    do {
      const page: MyRooms = await ask("GET /api/v1/rooms/mine", { query: { cursor } });
      rooms.push(...page.rooms);
      cursor = page.next;
    } while (cursor !== null);
    if (me.peek()?.id !== owner) return;
    const known = myRooms.peek();
    myRooms.value = { kind: "ready", value: fetched(rooms, known.kind === "ready" ? known.value : []) };
  } catch (fault) {
    if (myRooms.peek().kind !== "ready") myRooms.value = { kind: "failed", fault };
  }
}

/** Fetch it soon: once for all that is said until then. */
function plan(): void {
  if (planned !== undefined) {
    wanted = true;
    return;
  }
  void reload();
  planned = setTimeout(() => {
    planned = undefined;
    if (wanted) plan();
    wanted = false;
  }, CALM_MS);
}

function change(step: (rooms: Mine) => Mine): void {
  const known = myRooms.peek();
  if (known.kind === "ready") myRooms.value = { kind: "ready", value: step(known.value) };
}

function follow(client: Client, user: string): () => void {
  myRooms.value = { kind: "loading" };
  let wasAway = false;
  plan();
  const stopNews = client.news.add((news) => {
    change((rooms) => {
      const step = after(rooms, news, user);
      if (step.stale) plan();
      return step.rooms;
    });
  });
  const stopStandings = client.standings.add(({ kind }) => {
    if (kind === "away") wasAway = true;
    if (kind === "online" && wasAway) {
      wasAway = false;
      plan();
    }
  });
  return () => {
    stopNews();
    stopStandings();
  };
}

const myId = computed(() => me.value?.id);

effect(() => {
  const client = chat.value;
  const user = myId.value;
  if (client === undefined || user === undefined) {
    myRooms.value = { kind: "loading" }; // nobody's: whoever is here next has other ones
    return undefined;
  }
  return follow(client, user);
});
