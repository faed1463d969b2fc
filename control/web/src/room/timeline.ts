/**
 * What is held of a room's log: one run of it without a hole, with its messages as they are by now. Pure.
 *
 * It grows at both ends by pages and at its newer end by what is heard, as long as it reaches there; past `MOST` entries the
 * end that is farther from its reader is let go of, and fetched again when they go there.
 */

import type { Event, Page } from "../wire/socket.ts";
import { Lately } from "./lately.ts";
import { changed, ofWhich, type Saying } from "./saying.ts";

/** What is shown of the log. `note`: what happened to the room and to who is in it. */
export type Entry =
  | { readonly kind: "message"; readonly seq: number; readonly at: number; readonly saying: Saying }
  | { readonly kind: "note"; readonly seq: number; readonly at: number; readonly event: Event };

/** Which page it is: the newest, beyond one end, or somewhere else. */
export type PageKind = "newest" | "before" | "after" | "around";

export const MOST = 1_000;

const NOTES: ReadonlySet<string> = new Set(["member", "room", "timer"]);

export class Timeline {
  readonly #lately: Lately;
  #entries: Entry[] = [];
  /** Whether a page came; from then on the run of seqs that is held, which may be empty. */
  #holds = false;
  #lo = 1;
  #hi = 0;
  /** The newest seq there is known to be, and that of when it was opened. */
  #head = 0;
  #opened: number | undefined;
  #atStart = false;
  /** The seq of what is looked at; infinity for who is at the end, wherever that is. */
  reader = Infinity;

  constructor(me: string) {
    this.#lately = new Lately(me);
  }

  /** What is shown, in order of seq. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Whether anything is known of it yet. */
  get holds(): boolean {
    return this.#holds;
  }

  /** The first and the last seq that are held. */
  get run(): readonly [lo: number, hi: number] {
    return [this.#lo, this.#hi];
  }

  /** Whether there is nothing older than what is held. */
  get atStart(): boolean {
    return this.#atStart;
  }

  /** Whether what is held reaches what was said last. */
  get atEnd(): boolean {
    return this.#holds && this.#hi >= this.#head;
  }

  /** The room was opened there: so much there is, whether held or not. */
  opened(seq: number): void {
    this.#opened ??= seq;
    this.#head = Math.max(this.#head, seq);
  }

  /** What is held cannot be continued. */
  reset(seq: number): void {
    this.#entries = [];
    this.#lately.forget();
    this.#holds = false;
    this.#head = this.#opened = seq;
    this.#atStart = false;
  }

  /** An event was heard; those of a room come in order. Answers whether it is shown by what is held. */
  heard(event: Event): boolean {
    const follows = this.atEnd && event.seq === this.#hi + 1;
    this.#head = Math.max(this.#head, event.seq);
    this.#lately.heard(event);
    this.#change(event);
    if (!follows) return false;
    this.#hi = event.seq;
    this.#append({ events: [event], more: true });
    this.#letGo();
    return this.#hi >= event.seq;
  }

  /**
   * A page that was asked for, beyond an end of what is held (`from`, that seq not included) or in its place. One from an end
   * that is another by now is passed over.
   */
  page(page: Page, kind: PageKind, from?: number): void {
    const [first, last] = [page.events[0]?.seq, page.events.at(-1)?.seq];
    this.#head = Math.max(this.#head, last ?? 0);
    if (kind === "before") {
      if (!this.#holds || from !== this.#lo || (last ?? from - 1) < from - 1) return;
      this.#atStart = !page.more;
      this.#prepend(page);
      this.#lo = first ?? from;
      this.#letGo();
    } else if (kind === "after") {
      if (!this.#holds || from !== this.#hi || (first ?? from + 1) > from + 1) return;
      this.#append(page);
      this.#hi = last ?? from;
      this.#letGo();
    } else {
      this.#entries = [];
      this.#holds = true;
      const none = kind === "newest" ? (this.#opened ?? this.#head) : 0; // all up to there is from before my time
      [this.#lo, this.#hi] = [first ?? none + 1, last ?? none];
      this.#atStart = !page.more;
      this.#append(page);
    }
  }

  /** The entry of a seq; undefined when it is not held. */
  entry(seq: number): Entry | undefined {
    const place = this.#placeOf(seq);
    return place < 0 ? undefined : this.#entries[place];
  }

  #prepend(page: Page): void {
    this.#entries.unshift(...this.#entriesOf(page));
    this.#forgetVoid(page.events);
  }

  #append(page: Page): void {
    this.#entries.push(...this.#entriesOf(page));
    this.#forgetVoid(page.events);
  }

  /** What a page shows, as it is by now. */
  #entriesOf(page: Page): Entry[] {
    const sayings = this.#lately.sayings(page);
    return page.events.flatMap((event): Entry[] => {
      const { seq, at } = event;
      const saying = sayings.get(seq);
      if (saying !== undefined) return [{ kind: "message", seq, at, saying }];
      return NOTES.has(event.type) ? [{ kind: "note", seq, at, event }] : [];
    });
  }

  /** What is heard changes a message that is held, wherever it stands. A page tells of those that are not. */
  #change(event: Event): void {
    const of = ofWhich(event);
    if (of !== undefined) {
      const place = this.#placeOf(of);
      const entry = this.#entries[place];
      if (entry?.kind !== "message") return;
      this.#entries[place] = { ...entry, saying: changed(entry.saying, event) };
    } else if (event.type === "void") {
      this.#forgetVoid([event]);
    }
  }

  #forgetVoid(events: readonly Event[]): void {
    const told = events.flatMap((event) => (event.type === "void" && event.of ? [event.of] : []));
    for (const of of [...told, ...this.#lately.voided]) {
      const place = this.#placeOf(of);
      if (place < 0) continue;
      this.#entries.splice(place, 1);
    }
  }

  #letGo(): void {
    const surplus = this.#entries.length - MOST;
    if (surplus <= 0) return;
    if (this.reader > this.#entries[MOST >> 1]!.seq) {
      this.#entries.splice(0, surplus);
      this.#lo = this.#entries[0]!.seq;
      this.#atStart = false;
    } else {
      this.#entries.splice(-surplus);
      this.#hi = this.#entries.at(-1)!.seq;
    }
  }

  #placeOf(seq: number): number {
    let [low, high] = [0, this.#entries.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#entries[middle]!.seq;
      if (found === seq) return middle;
      if (found < seq) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}
