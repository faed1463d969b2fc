import fc from "fast-check";
import { expect, test } from "vitest";
import type { Event, Page } from "../wire/socket.ts";
import { Pages } from "./pages.ts";

interface Asked {
  readonly where: object;
  come(page: Page): Promise<void>;
  fail(why: unknown): Promise<void>;
}

function message(seq: number): Event {
  const said = { type: "message", mseq: seq, sender: "bada", client_id: `c${seq}`, text: "…" } as const;
  return { ...said, room: "r", seq, at: seq };
}

function page(from: number, to: number, { newer = false, more = from > 1 } = {}): Page {
  return { events: Array.from({ length: to - from + 1 }, (_, i) => message(from + i)), more, newer };
}

const settled = () => new Promise((done) => setTimeout(done));

/** A log of a hundred messages; nothing comes of it but what a test lets come. */
function open() {
  const asked: Asked[] = [];
  const ask = (where: object) =>
    new Promise<Page>((resolve, reject) => {
      asked.push({
        where,
        come: (found) => (resolve(found), settled().then(() => undefined)),
        fail: (why) => (reject(why), settled().then(() => undefined)),
      });
    });
  const pages = new Pages("me", ask, () => undefined);
  pages.opened(100);
  void pages.newest();
  return { pages, asked };
}

test("of two jumps the last one counts, whatever comes when", async () => {
  const { pages, asked } = open();
  await asked[0]!.come(page(51, 100));
  void pages.goTo(10);
  void pages.goTo(30);
  await asked[2]!.come(page(20, 40, { newer: true }));
  await asked[1]!.come(page(1, 20, { newer: true }));
  expect([pages.timeline.run, pages.target.value, pages.isFetching]).toEqual([[20, 40], { seq: 30 }, false]);
  void pages.goTo(90);
  pages.toEnd();
  pages.toEnd();
  expect(asked.slice(3).map(({ where }) => where)).toEqual([{ around: 90 }, {}]);
  await asked[3]!.come(page(80, 100));
  expect([pages.timeline.run, pages.target.value]).toEqual([[20, 40], undefined]);
  await asked[4]!.come(page(51, 100));
  expect([pages.timeline.atEnd, pages.target.value]).toEqual([true, undefined]);
  void pages.goTo(7);
  pages.toEnd(); // it is here
  await asked[5]!.come(page(1, 20, { newer: true }));
  expect(pages.timeline.atEnd).toBe(true);
});

test("a page from before a reset is not one of what came after it", async () => {
  const { pages, asked } = open();
  await asked[0]!.come(page(51, 100));
  void pages.goTo(60);
  void pages.older();
  pages.reset(3);
  expect(pages.target.value).toBeUndefined();
  await asked[1]!.come(page(1, 50));
  expect(pages.timeline.holds).toBe(false);
  await asked[2]!.come(page(1, 3));
  expect(pages.timeline.run).toEqual([1, 3]);
});

test("what could not be had is told at its end, and asked for again when somebody says so or it is opened anew", async () => {
  const { pages, asked } = open();
  await asked[0]!.come(page(51, 100));
  void pages.older();
  void pages.older();
  await asked[1]!.fail("away");
  expect(pages.missing.value.older?.why).toBe("away");
  void pages.older(); // as whoever stays there does
  expect(asked).toHaveLength(2);
  pages.missing.value.older!.again();
  expect([asked[2]?.where, pages.missing.value]).toEqual([{ before: 51 }, {}]);
  await asked[2]!.fail("away");
  pages.opened(100);
  void pages.older();
  await asked[3]!.come(page(1, 50));
  expect([pages.timeline.run, pages.missing.value]).toEqual([[1, 100], {}]);
});

test("a jump to what is no message leads to what was said next to it", async () => {
  const { pages, asked } = open();
  await asked[0]!.come(page(51, 100));
  void pages.goTo(10);
  const reaction = { type: "reaction", of: 1, emoji: "👍", change: "added", user: "bada" } as const;
  const around = page(1, 20, { newer: true });
  const events = around.events.map((each) =>
    each.seq === 10 ? { ...reaction, room: "r", seq: 10, at: 10 } : each,
  );
  await asked[1]!.come({ ...around, events });
  expect(pages.target.value).toEqual({ seq: 11 });
  void pages.goTo(200);
  await asked[2]!.come(page(51, 100));
  expect(pages.target.value).toEqual({ seq: 100 });
});

test("a jump that failed leads there when it is tried again", async () => {
  const { pages, asked } = open();
  await asked[0]!.come(page(51, 100));
  void pages.goTo(10);
  await asked[1]!.fail("away");
  pages.missing.value.jump!.again();
  await asked[2]!.come(page(1, 20, { newer: true }));
  expect([pages.target.value, pages.missing.value]).toEqual([{ seq: 10 }, {}]);
});

test("what is said while the newest page is on its way follows it", async () => {
  const { pages, asked } = open();
  pages.timeline.heard(message(101));
  await asked[0]!.come(page(51, 100));
  expect(asked[1]?.where).toEqual({ after: 100 });
  await asked[1]!.come(page(101, 101));
  expect([pages.timeline.run, pages.timeline.atEnd]).toEqual([[51, 101], true]);
});

test("the first message after one that was read last is found, however much else happened between", async () => {
  const happened = fc.array(fc.nat({ max: 5 }), { minLength: 80, maxLength: 400 });
  await fc.assert(
    fc.asyncProperty(happened, fc.double({ min: 0, max: 1, noNaN: true }), async (kinds, at) => {
      let mseq = 0;
      const log = kinds.map((kind, i): Event => {
        if (kind > 1 && i !== kinds.length - 1) {
          const reaction = { type: "reaction", of: 1, emoji: "👍", change: "added", user: "bada" } as const;
          return { ...reaction, room: "r", seq: i + 1, at: i };
        }
        return { ...message(i + 1), mseq: (mseq += 1) } as Event;
      });
      const part = (from: number, to: number) =>
        Promise.resolve({ events: log.slice(Math.max(0, from), to), more: from > 0, newer: to < log.length });
      const ask = ({ around }: { around?: number }) =>
        around === undefined ? part(log.length - 20, log.length) : part(around - 11, around + 9);
      const pages = new Pages("me", ask, () => undefined);
      pages.opened(log.length);
      await pages.newest();
      const read = Math.floor(at * mseq);
      await pages.goToFirstAfter(read);
      const first = log.find((event) => event.type === "message" && event.mseq > read);
      expect(pages.target.value?.seq).toBe(first?.seq);
    }),
  );
});
