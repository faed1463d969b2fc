import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Client } from "../chat/client.ts";
import { Listeners } from "../chat/listeners.ts";
import type { RoomNews } from "../chat/room.ts";
import type { Event, News, Page } from "../wire/socket.ts";
import { RoomModel } from "./model.ts";

const { answers } = vi.hoisted(() => ({ answers: new Map<string, object>() }));

vi.mock("../app/http.ts", () => ({
  ask: (operation: string) => Promise.resolve(answers.get(operation)),
  http: { session: { news: { add: () => undefined }, kept: undefined } },
}));

function message(seq: number): Event {
  const said = { type: "message", mseq: seq, sender: "bada", client_id: `c${seq}`, text: "…" } as const;
  return { ...said, room: "r", seq, at: seq };
}

const page = (from: number, to: number): Page => ({
  events: Array.from({ length: to - from + 1 }, (_, i) => message(from + i)),
  more: from > 1,
  newer: to < 100,
});

const settled = () => new Promise((done) => setTimeout(done));

/** A room of a hundred messages, open; its pages come by themselves as long as `isUp`. */
async function open(me = "me") {
  const news = new Listeners<RoomNews>();
  const net = { isUp: true };
  const read: number[] = [];
  const asked: number[] = [];
  const room = {
    id: "r",
    news,
    page: ({ around, before }: { around?: number; before?: number }) => {
      asked.push(around ?? before ?? Infinity);
      if (!net.isUp) return new Promise(() => undefined);
      if (around !== undefined) return Promise.resolve(page(Math.max(1, around - 25), around + 24));
      return Promise.resolve(
        before === undefined ? page(51, 100) : page(Math.max(1, before - 50), before - 1),
      );
    },
    markRead: (mseq: number) => read.push(mseq),
    send: () => ({ stored: new Promise(() => undefined) }),
  };
  const told = new Listeners<News>();
  const client = { news: told, open: () => room } as unknown as Client;
  const model = new RoomModel(client, "r", me);
  const position = { epoch: "e", seq: 100 };
  const opened = { room: "r", position, participants: [], online: 0, away: 0 };
  news.tell({ kind: "opened", opened } as unknown as RoomNews);
  await settled();
  return { model, net, read, asked, told };
}

beforeEach(() => {
  answers.set("GET /api/v1/rooms/{room}/members", { members: [], next: null });
  answers.set("GET /api/v1/rooms/{room}", { membership: { last_read: 100 } });
  for (const name of ["addEventListener", "cancelAnimationFrame"]) vi.stubGlobal(name, () => 0);
  vi.stubGlobal("requestAnimationFrame", (drawn: () => void) => void queueMicrotask(drawn));
});

afterEach(() => vi.unstubAllGlobals());

test("what I say far back stands there at once, though nothing can be had of the end", async () => {
  const { model, net } = await open();
  await model.goTo(30);
  expect(model.rows.value.at(-1)?.key).toBe("seq-54");
  net.isUp = false;
  model.post("여기요");
  expect(model.rows.value.at(-1)).toMatchObject({ kind: "post", post: { text: "여기요" } });
  expect(model.target.value).toBeUndefined();
});

test("what I had not read is counted from when I came, and nothing is read before that is known", async () => {
  let resolve: (info: object) => void = () => undefined;
  answers.set("GET /api/v1/rooms/{room}", new Promise((told) => (resolve = told)));
  const { model, read } = await open();
  model.seen();
  expect(read).toEqual([]);
  resolve({ membership: { last_read: 40 } });
  await settled();
  model.seen();
  expect([read, model.unread.value]).toEqual([[100], 60]);
  expect(model.rows.value.some(({ kind }) => kind === "new")).toBe(false); // it begins further back
  await model.goToUnread();
  expect([model.target.value, model.unread.value]).toEqual([{ seq: 41 }, 0]);
  expect(model.rows.value.findIndex(({ kind }) => kind === "new")).toBe(
    model.rows.value.findIndex(({ key }) => key === "seq-41") - 1,
  );
});

test("what I read here or elsewhere is not unread by me", async () => {
  const member = { nickname: "", bot: false, avatar: null, role: "member", joined_at: 0, muted_until: null };
  const members = ["me", "bada"].map((id) => ({ ...member, id, last_read: 40 }));
  answers.set("GET /api/v1/rooms/{room}/members", { members, next: null });
  const { model, told } = await open();
  told.tell({ type: "personal.read", room: "r", mseq: 60, unread: 40, mentions: 0 });
  expect([60, 61].map((mseq) => model.people.unreadBy(mseq, "bada"))).toEqual([0, 1]);
  model.seen();
  expect(model.people.unreadBy(100, "bada")).toBe(0);
});

test("who spoke last has nothing unread, though it is not written down yet that they read it", async () => {
  answers.set("GET /api/v1/rooms/{room}", { membership: { last_read: 40 } });
  const { model } = await open("bada");
  expect(model.unread.value).toBe(0);
});

test("the next page is not asked for before what the last one brought is shown", async () => {
  const { model, asked } = await open();
  vi.stubGlobal("requestAnimationFrame", () => 1);
  asked.splice(0);
  await model.goTo(40);
  await model.older();
  expect(asked).toEqual([40]);
});
