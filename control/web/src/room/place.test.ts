import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { NEAR_END, Place } from "./place.ts";
import type { Row } from "./rows.ts";
import { saying } from "./saying.ts";
import type { Target } from "./talk.ts";

const ROW = 50;
const HEIGHT = 300;
const BEYOND = 100;

const day = (at: number): Row => ({ kind: "day", key: `day-${at}`, at });
const LINE: Row = { kind: "new", key: "new" };

function said(seq: number): Row {
  const event = { type: "message", room: "r", seq, at: 0, mseq: seq, sender: "bada", text: "…" } as const;
  return {
    kind: "message",
    key: `seq-${seq}`,
    head: true,
    saying: saying({ ...event, client_id: `c${seq}` }),
  };
}

function mine(clientId: string): Row {
  const post = { clientId, text: "…", extras: {}, at: 0, state: "sending" } as const;
  return { kind: "post", key: `mine-${clientId}`, head: true, post };
}

const saidFrom = (from: number, to: number): Row[] =>
  Array.from({ length: to - from + 1 }, (_, i) => said(from + i));

/** A browser that scrolls no further than there is something, and its reader. */
class Reader {
  readonly place = new Place(ROW);
  clientHeight = HEIGHT;
  clientWidth = 400;
  rowHeight = ROW;
  #top = 0;
  #rows: readonly Row[] = [];

  constructor(rows: readonly Row[]) {
    this.show(rows);
  }

  get scrollTop(): number {
    this.#top = Math.min(this.#top, this.scrollHeight - this.clientHeight);
    return this.#top;
  }

  set scrollTop(top: number) {
    this.#top = Math.max(0, top);
  }

  get scrollHeight(): number {
    return Math.max(this.clientHeight, this.#rows.length * this.rowHeight);
  }

  show(rows: readonly Row[], isWhole = true): void {
    this.come(rows, isWhole);
    this.settle();
  }

  /** Rows come, and nothing was settled yet. */
  come(rows: readonly Row[], isWhole = true): void {
    this.#rows = rows;
    this.place.show(rows, isWhole);
  }

  lookAt(target: Target): void {
    this.place.lookAt(target);
    this.settle();
  }

  scroll(to: number): void {
    this.scrollTop = to;
    this.settle();
  }

  /** All rows are of another height from now on, in a window of another size. */
  turn(width: number, height: number, rowHeight: number): void {
    [this.clientWidth, this.clientHeight, this.rowHeight] = [width, height, rowHeight];
    this.settle();
  }

  settle(): void {
    this.place.settle(
      this,
      this.#rows.map(({ key }) => [key, this.rowHeight]),
    );
  }

  /** How far below the edge it is. */
  sees(key: string): number {
    return this.#rows.findIndex((row) => row.key === key) * this.rowHeight - this.scrollTop;
  }

  get isAtEnd(): boolean {
    return this.scrollTop + this.clientHeight === this.scrollHeight;
  }
}

describe("a place", () => {
  test("stays where it is when older words of the same day come above it, from the very top, too", () => {
    const reader = new Reader([day(1), LINE, ...saidFrom(50, 99)]);
    for (const from of [40, 20, 1]) {
      reader.scroll(0);
      const before = reader.sees("seq-50");
      reader.show([day(1), ...saidFrom(from, 49), LINE, ...saidFrom(50, 99)]);
      expect(reader.sees("seq-50")).toBe(before);
    }
  });

  test("at the end of what is held stays where it is when more comes below", () => {
    const reader = new Reader([]);
    reader.show(saidFrom(1, 40), false);
    reader.scroll(20 * ROW);
    reader.scroll(40 * ROW);
    reader.show(saidFrom(1, 80), false);
    expect(reader.sees("seq-41")).toBe(HEIGHT);
  });

  test("is not led back to what was jumped to, whatever comes", () => {
    const target = { seq: 20 };
    const reader = new Reader(saidFrom(1, 60));
    reader.lookAt(target);
    expect(reader.sees("seq-20")).toBe(HEIGHT / 3);
    reader.scroll(100);
    for (const rows of [saidFrom(1, 61), saidFrom(1, 62)]) {
      reader.show(rows);
      reader.lookAt(target);
      expect(reader.scrollTop).toBe(100);
    }
    for (const rows of [[...saidFrom(1, 62), mine("a")], saidFrom(1, 63)]) {
      reader.show(rows);
      reader.lookAt(target);
      expect(reader.isAtEnd).toBe(true);
    }
    reader.lookAt({ seq: 20 }); // once more
    expect(reader.sees("seq-20")).toBe(HEIGHT / 3);
  });

  test("jumps to what is not there yet when it comes", () => {
    const target = { seq: 27 };
    const reader = new Reader(saidFrom(50, 99));
    reader.lookAt(target);
    expect(reader.isAtEnd).toBe(true);
    reader.come(saidFrom(1, 40), false);
    reader.lookAt(target);
    expect(reader.sees("seq-27")).toBe(HEIGHT / 3);
  });

  test("is at the end for who says something, and not once more when an earlier word of theirs is left last", () => {
    const reader = new Reader(saidFrom(1, 40));
    reader.scroll(500);
    reader.show([...saidFrom(1, 40), mine("a"), mine("b")]);
    expect(reader.isAtEnd).toBe(true);
    reader.scroll(500);
    reader.show([...saidFrom(1, 40), mine("a")]);
    expect(reader.scrollTop).toBe(500);
  });

  test("at the end stays there in a window of another size, though the browser scrolls by itself", () => {
    const reader = new Reader(saidFrom(1, 40));
    for (const [width, height, row] of [
      [800, HEIGHT, ROW / 2],
      [300, HEIGHT, ROW * 2],
      [300, 500, ROW],
      [300, 200, ROW],
    ] as const) {
      reader.turn(width, height, row);
      expect([reader.isAtEnd, reader.place.isAtEnd]).toEqual([true, true]);
      reader.show(saidFrom(1, 41));
      expect(reader.isAtEnd).toBe(true);
    }
  });

  test("that is not the end stays what it was in a window of another size", () => {
    const reader = new Reader(saidFrom(1, 40));
    reader.scroll(20 * ROW);
    for (const [width, height, row] of [
      [800, HEIGHT, ROW / 2],
      [400, 200, ROW],
    ] as const) {
      reader.turn(width, height, row);
      expect([reader.sees("seq-21"), reader.place.isAtEnd]).toEqual([0, false]);
    }
    reader.turn(800, 800, ROW / 2); // now the end can be seen
    expect([reader.isAtEnd, reader.place.isAtEnd]).toEqual([true, true]);
  });

  test("is left as slowly as one likes, and its end is come to from nearby", () => {
    const reader = new Reader(saidFrom(1, 40));
    const end = reader.scrollTop;
    for (const up of [1, 2, 3]) reader.scroll(end - up);
    expect([reader.scrollTop, reader.place.isAtEnd]).toEqual([end - 3, false]);
    reader.scroll(end - 100);
    reader.scroll(end - NEAR_END + 1);
    expect([reader.scrollTop, reader.place.isAtEnd]).toEqual([end, true]);
  });

  test("goes with the hand that moves it while rows come that were not settled yet", () => {
    const reader = new Reader(saidFrom(20, 60));
    reader.scroll(1_000);
    reader.come(saidFrom(10, 60));
    reader.scroll(900);
    expect(reader.scrollTop).toBe(900 + 10 * ROW);
  });

  test("knows whether a row can be seen", () => {
    const reader = new Reader([...saidFrom(1, 20), LINE, ...saidFrom(21, 40)]);
    const seen = [0, 20 * ROW - HEIGHT + 1, 21 * ROW - 1, 21 * ROW].map((top) => {
      reader.scroll(top);
      return reader.place.sees("new");
    });
    expect([seen, reader.place.sees("gone")]).toEqual([[false, true, true, false], false]);
  });

  test("whose row is gone is that of what stood below, or above", () => {
    const reader = new Reader(saidFrom(1, 40));
    reader.scroll(520);
    const before = reader.sees("seq-12");
    reader.show(saidFrom(1, 40).filter(({ key }) => key !== "seq-11"));
    expect(reader.sees("seq-12")).toBe(before);
    reader.show(saidFrom(25, 60));
    expect(reader.scrollTop).toBe(0);
    reader.scroll(1_000);
    reader.show(saidFrom(10, 30), false);
    expect(reader.sees("seq-30")).toBe(HEIGHT - ROW);
    reader.show(saidFrom(80, 90));
    expect(reader.place.isAtEnd).toBe(true);
  });

  test("never moves by what comes at either end, wherever it is", () => {
    const reading = fc.record({
      rows: fc.integer({ min: 20, max: 80 }),
      at: fc.nat({ max: 4_000 }),
      older: fc.nat({ max: 50 }),
      newer: fc.nat({ max: 50 }),
      isWhole: fc.boolean(),
    });
    fc.assert(
      fc.property(reading, ({ rows, at, older, newer, isWhole }) => {
        const reader = new Reader([]);
        reader.show([day(0), ...saidFrom(100, 99 + rows)], isWhole);
        reader.scroll(0);
        reader.scroll(at);
        const before = saidFrom(100, 99 + rows).map(({ key }) => reader.sees(key));
        const wasAtEnd = reader.place.isAtEnd;
        expect(wasAtEnd).toBe(isWhole && reader.isAtEnd);
        reader.show([day(0), ...saidFrom(100 - older, 99 + rows + newer)], isWhole);
        if (wasAtEnd) expect(reader.isAtEnd).toBe(true);
        else expect(saidFrom(100, 99 + rows).map(({ key }) => reader.sees(key))).toEqual(before);
        const { from, to, above, below } = reader.place.shown(BEYOND);
        expect(above + (to - from) * ROW + below).toBe(reader.scrollHeight);
      }),
    );
  });
});
