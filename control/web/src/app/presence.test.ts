/** Who is here is known from whatever tells of it, and of the present connection alone. */

import { signal } from "@preact/signals";
import { beforeEach, expect, test, vi } from "vitest";
import type { Client } from "../chat/client.ts";
import { Listeners } from "../chat/listeners.ts";
import type { News, RoomOpened } from "../wire/socket.ts";
import { isHere, lastSeenOf, stateOf } from "./presence.ts";

const session = vi.hoisted(() => ({}) as { chat: { value: unknown } });
vi.mock("./session.ts", async () => {
  session.chat = signal(undefined);
  return { chat: session.chat, standing: signal({ kind: "online" }) };
});

function connected() {
  const client = { news: new Listeners<News>(), opened: new Listeners<RoomOpened>() };
  session.chat.value = client as unknown as Client;
  return client;
}

const OPENED = { room: "r", position: { epoch: "e", seq: 1 }, online: 1, away: 1 };

beforeEach(() => (session.chat.value = undefined));

test("who is in a room is known when it is opened, whether that was asked or told", () => {
  const { opened } = connected();
  opened.tell({
    ...OPENED,
    participants: [
      { user: "me", state: "online" },
      { user: "bada", state: "away" },
    ],
  });
  expect(["me", "bada", "noeul"].map(stateOf)).toEqual(["online", "away", null]);
  expect(["me", "bada", "noeul"].map(isHere)).toEqual([true, true, false]);
});

test("who went was seen last then, as far as they say so", () => {
  const { news } = connected();
  news.tell({ type: "presence", user: "bada", state: "offline", at: 5, last_seen: 4 });
  news.tell({ type: "presence", user: "noeul", state: "offline", at: 5 });
  expect(["bada", "noeul"].map(lastSeenOf)).toEqual([4, null]);
  news.tell({ type: "presence", user: "bada", state: "online", at: 6 });
  expect([stateOf("bada"), lastSeenOf("bada")]).toEqual(["online", null]);
});

test("what an earlier connection told is not believed: who went meanwhile was not told", () => {
  const { news } = connected();
  news.tell({ type: "presence", user: "bada", state: "online", at: 5 });
  news.tell({ type: "welcome" } as News);
  expect(stateOf("bada")).toBeNull();
});
