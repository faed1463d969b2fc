/** What is held is what the log says, whatever is heard and fetched in whatever order. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Event, Message, Page, State } from "../wire/socket.ts";
import { reactionsOf, type Saying } from "./saying.ts";
import { MOST, type PageKind, Timeline } from "./timeline.ts";

const ME = "me";
const WHO = [ME, "bada"];

type Change = { readonly what: number; readonly of: number; readonly who: number };

/** A log in which much happens to few messages, and what has become of them. */
class Log {
  readonly events: Event[] = [];

  happen({ what, of, who }: Change): Event {
    const seq = this.events.length + 1;
    const place = { room: "room", seq, at: seq };
    const user = WHO[who % WHO.length]!;
    const messages = this.events.filter((event) => event.type === "message");
    const target = messages[of % Math.max(1, messages.length)]?.seq;
    const event = target === undefined ? undefined : this.#change(what, target, user, place);
    this.events.push(event ?? this.#message(user, place, what === 1 ? target : undefined));
    return this.events.at(-1)!;
  }

  #message(sender: string, place: { room: string; seq: number; at: number }, reply?: number): Message {
    const said = {
      type: "message",
      mseq: place.seq,
      sender,
      client_id: `c${place.seq}`,
      text: `t${place.seq}`,
    } as const;
    return { ...said, ...place, ...(reply === undefined ? {} : { reply_to: reply }) };
  }

  #change(
    what: number,
    of: number,
    user: string,
    place: { room: string; seq: number; at: number },
  ): Event | undefined {
    const changes: (() => Event)[] = [
      () => ({ type: "message.edited", ...place, of, text: `e${place.seq}`, by: user }),
      () => ({ type: "reaction", ...place, of, emoji: "👍", change: "added", user }),
      () => ({ type: "reaction", ...place, of, emoji: "👍", change: "removed", user }),
      () => ({ type: "pin", ...place, of, change: "pinned", by: user }),
      () => ({ type: "pin", ...place, of, change: "unpinned", by: user }),
      () => ({ type: "message.deleted", ...place, of, by: user }),
      () => ({ type: "member", ...place, user, name: user, change: "joined" }),
    ];
    return changes[what - 4]?.();
  }

  /** As the server tells it: one by one, in the plainest way. */
  state(of: number): State & { said: string } {
    let [said, replies, replied, edited, pinned, deleted] = [`t${of}`, 0, 0, 0, 0, false];
    const thumbs = new Set<string>();
    for (const event of this.events) {
      if (event.type === "message" && event.reply_to === of) [replies, replied] = [replies + 1, event.seq];
      if (!("of" in event) || event.of !== of || deleted) continue;
      if (event.type === "message.edited") [said, edited] = [event.text, event.seq];
      if (event.type === "pin") pinned = event.change === "pinned" ? event.seq : 0;
      if (event.type === "message.deleted") deleted = true;
      if (event.type === "reaction" && event.change === "added") thumbs.add(event.user);
      if (event.type === "reaction" && event.change === "removed") thumbs.delete(event.user);
    }
    if (deleted) return { said: "", seq: of, deleted: { seq: 1, at: 1, by: "" }, replies, replied };
    const mine = thumbs.has(ME);
    return {
      said,
      seq: of,
      replies,
      replied,
      ...(edited ? { edited: { seq: edited, at: edited, text: said } } : {}),
      ...(pinned ? { pinned: { seq: pinned, at: pinned, by: "" } } : {}),
      ...(thumbs.size ? { reactions: [{ emoji: "👍", count: thumbs.size, users: [...thumbs], mine }] } : {}),
    };
  }

  /** Its states may know of more than it says. */
  page(from: number, to: number, more = 0): Page {
    const events = this.events.slice(Math.max(0, from - 1), Math.max(0, to));
    const states = events.filter((event) => event.type === "message").map((event) => this.state(event.seq));
    const asOf = Math.max(0, this.events.length - more);
    return { events, more: from > 1, newer: to < this.events.length, states, as_of: asOf };
  }
}

function shown(saying: Saying): object {
  const thumb = reactionsOf(saying, ME)[0];
  const { text: said, deleted, replies, edited } = saying;
  return {
    said,
    deleted,
    replies,
    edited: edited > 0,
    pinned: saying.pin > 0,
    thumbs: thumb?.count ?? 0,
    mine: thumb?.mine ?? false,
  };
}

function true_(log: Log, seq: number): object {
  const { said, deleted, replies, edited, pinned, reactions } = log.state(seq);
  const thumb = reactions?.[0];
  return {
    said,
    deleted: deleted !== undefined,
    replies,
    edited: edited !== undefined,
    pinned: pinned !== undefined,
    thumbs: thumb?.count ?? 0,
    mine: thumb?.mine ?? false,
  };
}

/** The plain truth of the run that is held. */
function agree(timeline: Timeline, log: Log): void {
  const [lo, hi] = timeline.run;
  const inRun = log.events.slice(lo - 1, hi).filter(({ type }) => type === "message" || type === "member");
  expect(timeline.entries.map(({ seq }) => seq)).toEqual(inRun.map(({ seq }) => seq));
  if (timeline.atStart) expect(log.events.slice(0, lo - 1)).toEqual([]);
  for (const entry of timeline.entries) {
    if (entry.kind === "message") expect(shown(entry.saying)).toEqual(true_(log, entry.seq));
  }
}

const change = fc.record({ what: fc.nat({ max: 10 }), of: fc.nat({ max: 5 }), who: fc.nat({ max: 1 }) });
const step = fc.oneof(
  { weight: 5, arbitrary: change.map((it) => ({ kind: "happens", it }) as const) },
  { weight: 4, arbitrary: fc.constant({ kind: "heard" } as const) },
  {
    weight: 2,
    arbitrary: fc
      .record({ kind: fc.constantFrom("newest", "before", "after"), more: fc.nat({ max: 3 }) })
      .map((it) => it as { readonly kind: "newest" | "before" | "after"; readonly more: number }),
  },
  { weight: 3, arbitrary: fc.constant({ kind: "comes" } as const) },
  { weight: 1, arbitrary: fc.nat({ max: 30 }).map((seq) => ({ kind: "around", seq }) as const) },
);

test("what is held is what the log says", () => {
  fc.assert(
    fc.property(
      fc.array(change, { maxLength: 20 }),
      fc.array(step, { maxLength: 60, size: "max" }),
      (before, steps) => {
        const log = new Log();
        for (const it of before) log.happen(it);
        const timeline = new Timeline(ME);
        const onTheWay: Event[] = [];
        const read: [Page, PageKind, number?][] = []; // and on their way, too
        const hear = (most: number) => onTheWay.splice(0, most).forEach((event) => timeline.heard(event));
        timeline.opened(log.events.length);
        for (const each of steps) {
          if (each.kind === "happens") onTheWay.push(log.happen(each.it));
          else if (each.kind === "heard") hear(1);
          else if (each.kind === "comes") for (const page of read.splice(0, 1)) timeline.page(...page);
          else if (each.kind === "newest")
            read.push([log.page(log.events.length - 4, log.events.length, each.more), "newest"]);
          else if (each.kind === "around")
            read.push([log.page(each.seq - 2, Math.min(log.events.length, each.seq + 2)), "around"]);
          else if (timeline.holds) {
            const [lo, hi] = timeline.run;
            if (each.kind === "before") read.push([log.page(lo - 3, lo - 1, each.more), "before", lo]);
            else read.push([log.page(hi + 1, Math.min(log.events.length, hi + 3), each.more), "after", hi]);
          }
        }
        for (const page of read) timeline.page(...page);
        hear(Infinity);
        if (timeline.holds) agree(timeline, log);
        if (timeline.atEnd) expect(timeline.run[1]).toBe(log.events.length);
      },
    ),
    { numRuns: Number(process.env["MADANG_FUZZ"] ?? 300) },
  );
});

function message(seq: number): Message {
  return {
    type: "message",
    room: "room",
    seq,
    at: seq,
    mseq: seq,
    sender: "bada",
    client_id: `c${seq}`,
    text: "…",
  };
}

describe("a timeline", () => {
  test("without a word yet takes the first", () => {
    const timeline = new Timeline(ME);
    timeline.page({ events: [], more: false }, "newest");
    expect([timeline.atStart, timeline.atEnd]).toEqual([true, true]);
    expect(timeline.heard(message(1))).toBe(true);
    expect(timeline.entries).toHaveLength(1);
  });

  test("takes nothing that does not meet what it holds", () => {
    const timeline = new Timeline(ME);
    timeline.opened(40);
    timeline.page({ events: [message(10)], more: true, newer: true }, "around");
    expect(timeline.heard(message(41))).toBe(false);
    timeline.page({ events: [message(30)], more: true }, "after", 10);
    timeline.page({ events: [message(3)], more: false }, "before", 10);
    timeline.page({ events: [], more: false }, "before", 4);
    expect([timeline.run, timeline.atStart, timeline.atEnd]).toEqual([[10, 10], false, false]);
    timeline.reset(41);
    timeline.page({ events: [message(9)], more: false }, "before", 10);
    expect(timeline.holds).toBe(false);
  });

  test("keeps what came live while a page that does not know of it was on its way", () => {
    const timeline = new Timeline(ME);
    timeline.page({ events: [message(5)], more: true, as_of: 5 }, "newest");
    timeline.heard({
      type: "reaction",
      room: "room",
      seq: 6,
      at: 6,
      of: 3,
      emoji: "👍",
      change: "added",
      user: ME,
    });
    timeline.page({ events: [message(3), message(4)], more: true, as_of: 5 }, "before", 5);
    const entry = timeline.entry(3);
    expect(entry?.kind === "message" && reactionsOf(entry.saying, ME)).toMatchObject([
      { count: 1, mine: true },
    ]);
  });

  test("forgets what was taken by a second copy", () => {
    const timeline = new Timeline(ME);
    timeline.page({ events: [message(1), message(2)], more: false }, "newest");
    timeline.heard({ type: "void", room: "room", seq: 3, at: 3, of: 2 });
    expect(timeline.entries.map(({ seq }) => seq)).toEqual([1]);
  });

  test("without a word from my time takes the first that is said while it is asked for", () => {
    const timeline = new Timeline(ME);
    timeline.opened(7);
    timeline.heard(message(8));
    timeline.page({ events: [], more: false }, "newest");
    expect([timeline.run, timeline.atEnd]).toEqual([[8, 7], false]);
    timeline.page({ events: [message(8)], more: false }, "after", 7);
    expect([timeline.run, timeline.atStart, timeline.atEnd]).toEqual([[8, 8], true, true]);
  });

  test("holds so much and no more, and lets go of what is farther from its reader", () => {
    const timeline = new Timeline(ME);
    timeline.page({ events: [message(5_000)], more: true }, "newest");
    for (let seq = 5_001; seq < 5_001 + MOST; seq += 1) timeline.heard(message(seq));
    expect(timeline.entries).toHaveLength(MOST);
    expect([timeline.run[0], timeline.atStart, timeline.atEnd]).toEqual([5_001, false, true]);
    timeline.reader = 5_010;
    const older = Array.from({ length: 50 }, (_, i) => message(4_951 + i));
    timeline.page({ events: older, more: true }, "before", 5_001);
    expect([timeline.run[0], timeline.run[1], timeline.atEnd]).toEqual([4_951, 5_950, false]);
  });

  test("takes nothing away from who reads far back, however much is said, nor the page they wait for", () => {
    const timeline = new Timeline(ME);
    timeline.page({ events: [message(50)], more: true }, "newest");
    for (let seq = 51; seq < 50 + MOST; seq += 1) timeline.heard(message(seq));
    timeline.reader = 60;
    for (let seq = 50 + MOST; seq < 50 + 2 * MOST; seq += 1) expect(timeline.heard(message(seq))).toBe(false);
    expect([timeline.run, timeline.atEnd]).toEqual([[50, 49 + MOST], false]);
    const older = Array.from({ length: 49 }, (_, i) => message(1 + i));
    timeline.page({ events: older, more: false }, "before", 50);
    expect([timeline.run, timeline.atStart]).toEqual([[1, MOST], true]);
  });

  test("is empty after a reset, and knows how far the log goes", () => {
    const timeline = new Timeline(ME);
    timeline.page({ events: [message(1)], more: false }, "newest");
    timeline.reset(90);
    expect([timeline.holds, timeline.atEnd, timeline.entries]).toEqual([false, false, []]);
  });
});
