/**
 * What is held of a thread: a message and the replies to it, from some reply on to the newest, as they are by now. Pure.
 *
 * Its seqs are not dense: that nothing is missing between two replies is the page's word, and that nothing is missing after the
 * last one is because every event of the room is heard from the first page on. Past `MOST` replies the oldest are let go of, unless
 * somebody reads them.
 */

import type { Event, Page } from "../wire/socket.ts";
import { Lately } from "./lately.ts";
import { changed, ofWhich, type Saying } from "./saying.ts";
import type { Entry } from "./timeline.ts";

export const MOST = 1_000;

export class Thread {
  readonly of: number;
  readonly #lately: Lately;
  /** Its first message; undefined before a page came, or when it is no more. */
  root: Saying | undefined;
  /** The seq of what is looked at; infinity for who is at the end. */
  reader = Infinity;
  #replies: Saying[] = [];
  #early: Event[] = [];
  #holds = false;
  #atStart = false;

  constructor(of: number, me: string) {
    this.of = of;
    this.#lately = new Lately(me);
  }

  get holds(): boolean {
    return this.#holds;
  }

  /** Whether all replies are held. */
  get atStart(): boolean {
    return this.#atStart;
  }

  /** The seq of the oldest reply that is held; undefined when there is none. */
  get first(): number | undefined {
    return this.#replies[0]?.event.seq;
  }

  /** The replies, below their message where that is where they begin. */
  get entries(): Entry[] {
    const all = this.root !== undefined && this.#atStart ? [this.root, ...this.#replies] : this.#replies;
    return all.map((saying) => ({ kind: "message", seq: saying.event.seq, at: saying.event.at, saying }));
  }

  /** An event of the room was heard. Answers whether anything of this changed. */
  heard(event: Event): boolean {
    this.#lately.heard(event);
    if (event.type === "void") return this.#take([event.of ?? 0]);
    const isChanged = this.#change(event);
    if (event.type !== "message" || event.reply_to !== this.of) return isChanged;
    if (this.#holds) this.#add([event], {});
    else this.#early.push(event); // the page that is on its way may be from before it
    return true;
  }

  /** The newest page, or the one before `first`. Its first event is the thread's message, whatever follows. */
  page(page: Page, kind: "newest" | "before"): void {
    const [root, ...replies] = page.events;
    if (root !== undefined) this.root = this.#lately.sayings({ ...page, events: [root] }).get(root.seq);
    if (kind === "newest") this.#replies = [];
    this.#atStart = !page.more;
    this.#holds = true;
    this.#add(replies, page);
    if (kind === "newest") this.#add(this.#early.splice(0), {});
  }

  #add(events: readonly Event[], { states, as_of }: Pick<Page, "states" | "as_of">): void {
    const known = new Set(this.#replies.map(({ event }) => event.seq));
    const fresh = [
      ...this.#lately
        .sayings({ events, ...(states ? { states } : {}), ...(as_of ? { as_of } : {}) })
        .values(),
    ];
    this.#replies.push(...fresh.filter(({ event }) => !known.has(event.seq)));
    this.#replies.sort((one, other) => one.event.seq - other.event.seq);
    this.#take(this.#lately.voided);
    const surplus = this.#replies.length - MOST;
    if (
      this.reader < Infinity ||
      surplus <= 0 ||
      (fresh[0]?.event.seq ?? 0) < (this.#replies[surplus]?.event.seq ?? 0)
    )
      return;
    this.#replies.splice(0, surplus);
    this.#atStart = false;
  }

  #change(event: Event): boolean {
    const of = ofWhich(event);
    if (of === this.of && this.root !== undefined) {
      this.root = changed(this.root, event);
      return true;
    }
    const place = this.#replies.findIndex((reply) => reply.event.seq === of);
    const reply = this.#replies[place];
    if (reply === undefined) return false;
    this.#replies[place] = changed(reply, event);
    return true;
  }

  /** These were second copies. */
  #take(seqs: readonly number[]): boolean {
    const before = this.#replies.length;
    this.#replies = this.#replies.filter(({ event }) => !seqs.includes(event.seq));
    return this.#replies.length < before;
  }
}
