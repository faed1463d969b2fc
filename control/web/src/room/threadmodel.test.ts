import { expect, test } from "vitest";
import { Listeners } from "../chat/listeners.ts";
import type { RoomNews } from "../chat/room.ts";
import type { Event, Page } from "../wire/socket.ts";
import type { RoomModel } from "./model.ts";
import { ThreadModel } from "./threadmodel.ts";

const settled = () => new Promise((done) => setTimeout(done));

function page(...texts: string[]): Page {
  const events = texts.map((text, i): Event => {
    const said = { type: "message", mseq: i + 1, sender: "bada", client_id: `c${i}`, text } as const;
    return { ...said, room: "r", seq: i + 1, at: i, reply_to: i === 0 ? null : 1 };
  });
  return { events, more: true };
}

/** A thread of which nothing comes but what a test lets come. */
function open() {
  const news = new Listeners<RoomNews>();
  const asked: { come: (page: Page) => void; fail: (why: unknown) => void }[] = [];
  const thread = () => new Promise<Page>((come, fail) => void asked.push({ come, fail }));
  const room = { me: "me", room: { news, thread }, posts: { value: [] } } as unknown as RoomModel;
  return { model: new ThreadModel(room, 1), news, asked };
}

test("what was asked for before a reset is not of the thread that it is now", async () => {
  const { model, news, asked } = open();
  news.tell({ kind: "reset" } as RoomNews);
  asked[0]!.come(page("말", "답"));
  await settled();
  expect([model.holds, model.isFetching]).toEqual([false, true]);
  asked[1]!.come(page("다른 말", "다른 답"));
  await settled();
  expect([model.isFetching, model.rows.value.length]).toEqual([false, 2]);
});

test("what could not be had is asked for again when somebody says so, and not by staying there", async () => {
  const { model, asked } = open();
  asked[0]!.come(page("말", "답"));
  await settled();
  void model.older();
  asked[1]!.fail("away");
  await settled();
  void model.older();
  expect([asked.length, model.missing.value.older?.why]).toEqual([2, "away"]);
  model.missing.value.older!.again();
  expect([asked.length, model.missing.value]).toEqual([3, {}]);
});
