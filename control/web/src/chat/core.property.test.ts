/** Whatever the network does between them, the client and the server end up agreeing. */

import fc from "fast-check";
import { expect, test } from "vitest";
import { Conversation, type Seen } from "./test/conversation.ts";
import { ME } from "./test/server.ts";

const ROOMS = ["room-1", "room-2"];
const PASSING = ["log_unavailable", "bus_unavailable", "rate_limited", "room_not_open", "overloaded"];

type Turn = (talk: Conversation) => void;

const room = fc.constantFrom(...ROOMS);
const few = fc.nat({ max: 4 });
const turns: fc.Arbitrary<[string, Turn]> = fc.oneof(
  { weight: 6, arbitrary: few.map((n): [string, Turn] => [`serve ${n}`, (talk) => talk.serve(n)]) },
  { weight: 6, arbitrary: few.map((n): [string, Turn] => [`deliver ${n}`, (talk) => talk.deliver(n)]) },
  { weight: 3, arbitrary: fc.constant<[string, Turn]>(["exchange", (talk) => talk.exchange()]) },
  { weight: 4, arbitrary: room.map((id): [string, Turn] => [`I say in ${id}`, (talk) => iSay(talk, id)]) },
  {
    weight: 3,
    arbitrary: room.map((id): [string, Turn] => [`they say in ${id}`, (talk) => talk.server.say(id, "!")]),
  },
  { weight: 2, arbitrary: room.map((id): [string, Turn] => [`I read ${id}`, (talk) => iRead(talk, id)]) },
  { weight: 3, arbitrary: fc.constant<[string, Turn]>(["connect", (talk) => talk.connect()]) },
  { weight: 1, arbitrary: fc.constant<[string, Turn]>(["drop", (talk) => talk.drop()]) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...PASSING)
      .map((code): [string, Turn] => [code, (talk) => talk.server.refusals.push(code)]),
  },
  {
    weight: 2,
    arbitrary: fc.nat({ max: 40_000 }).map((ms): [string, Turn] => [`${ms} ms`, (talk) => wait(talk, ms)]),
  },
  {
    weight: 1,
    arbitrary: few.map((n): [string, Turn] => [`lose push ${n}`, (talk) => tamper(talk, n, () => [])]),
  },
  {
    weight: 1,
    arbitrary: few.map((n): [string, Turn] => [
      `double push ${n}`,
      (talk) => tamper(talk, n, (it) => [it, it]),
    ]),
  },
  { weight: 1, arbitrary: few.map((n): [string, Turn] => [`swap pushes ${n}`, (talk) => swap(talk, n)]) },
  { weight: 1, arbitrary: fc.constant<[string, Turn]>(["new epoch", (talk) => (talk.server.epoch += 1)]) },
  { weight: 1, arbitrary: room.map((id): [string, Turn] => [`much in ${id}`, (talk) => muchSaid(talk, id)]) },
);

test("nothing said is lost or doubled or overtaken, and what is read has no hole", () => {
  fc.assert(
    fc.property(fc.array(turns, { maxLength: 80, size: "max" }), fc.integer(), (steps, seed) => {
      let state = seed >>> 0;
      const talk = new Conversation(() => (state = (state * 1_664_525 + 1_013_904_223) >>> 0) / 2 ** 32);
      talk.server.say("room-1", "before");
      for (const id of ROOMS) states(talk).set(id, talk.open(id));
      for (const [, turn] of steps) turn(talk);
      talk.calm();
      for (const id of ROOMS) talk.server.say(id, "the last"); // after which a hole shows
      talk.calm();
      for (const id of ROOMS) talk.server.say(id, "the very last");
      talk.exchange();
      for (const id of ROOMS) agree(talk, id);
    }),
    { numRuns: Number(process.env["MADANG_FUZZ"] ?? 400) },
  );
});

function agree(talk: Conversation, id: string): void {
  const log = talk.server.log(id);
  const mine = log.filter((event) => event.type === "message" && event.sender === ME);
  expect(mine.map((event) => "text" in event && event.text)).toEqual(said(talk).get(id) ?? []);
  let at = -1;
  for (const each of talk.seen.get(id) ?? ([] as Seen[])) {
    if ("at" in each) at = each.at.seq;
    else {
      expect(each.event).toEqual(log[at]);
      at += 1;
    }
  }
  expect(at).toBe(log.length);
  expect(talk.seen.get(id)?.at(-1)).toEqual({ event: log.at(-1) }); // heard, and not jumped over
  expect(talk.server.marks.get(id) ?? 0).toBeGreaterThanOrEqual(0);
  const wanted = read(talk).get(id) ?? 0;
  const own = mine.reduce((most, event) => ("mseq" in event ? Math.max(most, event.mseq) : most), 0);
  expect(Math.max(own, talk.server.marks.get(id) ?? 0)).toBeGreaterThanOrEqual(wanted);
  expect(talk.settled.every((call) => call.outcome && "ok" in call.outcome)).toBe(true);
}

const rooms = new WeakMap<Conversation, Map<string, ReturnType<Conversation["open"]>>>();
const texts = new WeakMap<Conversation, Map<string, string[]>>();
const marks = new WeakMap<Conversation, Map<string, number>>();

const states = (talk: Conversation) => kept(rooms, talk);
const said = (talk: Conversation) => kept(texts, talk);
const read = (talk: Conversation) => kept(marks, talk);

function kept<T>(of: WeakMap<Conversation, Map<string, T>>, talk: Conversation): Map<string, T> {
  const found = of.get(talk) ?? new Map<string, T>();
  of.set(talk, found);
  return found;
}

function iSay(talk: Conversation, id: string): void {
  const all = said(talk).get(id) ?? [];
  said(talk).set(id, [...all, `${id}-${all.length}`]);
  talk.send(states(talk).get(id)!, `${id}-${all.length}`);
}

function iRead(talk: Conversation, id: string): void {
  const mseq = talk.server.mseq(id);
  states(talk).get(id)!.mark.want(mseq);
  read(talk).set(id, mseq);
}

function wait(talk: Conversation, ms: number): void {
  talk.pass(ms);
  talk.core.tick(talk.now);
  talk.deliver(0);
}

/** Make something else of the `n`th push that is on its way; only what lasts may go astray, for that has a seq. */
function tamper(talk: Conversation, n: number, into: (frame: never) => readonly unknown[]): void {
  const outbox = talk.connection?.outbox;
  const frame = outbox?.[n];
  if (!outbox || !frame || !("seq" in frame)) return;
  outbox.splice(n, 1, ...(into(frame as never) as typeof outbox));
}

function swap(talk: Conversation, n: number): void {
  const outbox = talk.connection?.outbox;
  const [one, two] = [outbox?.[n], outbox?.[n + 1]];
  if (!outbox || !one || !two || !("seq" in one) || !("seq" in two)) return;
  outbox.splice(n, 2, two, one);
}

function muchSaid(talk: Conversation, id: string): void {
  for (let i = 0; i < 25; i += 1) talk.server.say(id, "…");
}
