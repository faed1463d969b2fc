/**
 * The pages of a room's log: which are asked for, which of them still count when they come, and why one did not.
 *
 * At either end one page is on its way at a time. Of jumps to another place the last one counts, whatever comes when; and what
 * could not be had is not asked for again before somebody says so, or the room was opened anew.
 */

import { signal } from "@preact/signals";
import type { Event, Page } from "../wire/socket.ts";
import type { Edge, Missing, Target } from "./talk.ts";
import { type PageKind, Timeline } from "./timeline.ts";

type Where = { readonly [kind in PageKind]?: number };

export class Pages {
  readonly timeline: Timeline;
  readonly missing = signal<Missing>({});
  readonly target = signal<Target | undefined>(undefined);
  /** Those that are on their way. */
  readonly #fetching = signal<readonly PageKind[]>([]);
  readonly #ask: (where: Where) => Promise<Page>;
  readonly #came: (events: readonly Event[]) => void;
  /** Counts the jumps, and what the last one waits for. */
  #jumps = 0;
  #going: "newest" | "around" | undefined;

  /** `ask` gets a page; `came` is told of what is on those that count. */
  constructor(me: string, ask: (where: Where) => Promise<Page>, came: (events: readonly Event[]) => void) {
    this.timeline = new Timeline(me);
    this.#ask = ask;
    this.#came = came;
  }

  get isFetching(): boolean {
    return this.#fetching.value.length > 0;
  }

  /** The newest page, and what was said while it was on its way and is not on it. */
  async newest(): Promise<void> {
    await this.#fetch("newest");
    await this.newer();
  }

  /** Go where the log ends. */
  toEnd(): void {
    this.target.value = undefined;
    if (this.timeline.atEnd) this.#stay();
    else if (this.#going !== "newest") void this.newest();
  }

  /** Look at the message `seq`, wherever it is. */
  async goTo(seq: number): Promise<void> {
    if (this.timeline.entry(seq) === undefined) return this.#fetch("around", seq);
    this.#stay();
    this.target.value = this.#near(seq);
  }

  /** Look at the first message after the one that is the `mseq`th. Rejected with why it cannot be found. */
  async goToFirstAfter(mseq: number): Promise<void> {
    this.#stay();
    const jump = this.#jumps;
    const seq = await this.#firstAfter(mseq);
    if (jump === this.#jumps && seq !== undefined) await this.goTo(seq);
  }

  async older(): Promise<void> {
    const { holds, atStart, run } = this.timeline;
    if (holds && !atStart && this.#mayAsk("before")) await this.#fetch("before", run[0]);
  }

  async newer(): Promise<void> {
    const { holds, atEnd, run } = this.timeline;
    if (holds && !atEnd && this.#mayAsk("after")) await this.#fetch("after", run[1]);
  }

  /** The room was opened anew: what could not be had may be had now. */
  opened(seq: number): void {
    this.timeline.opened(seq);
    this.missing.value = {};
  }

  /** What is held cannot be continued. */
  reset(seq: number): void {
    this.timeline.reset(seq);
    this.target.value = undefined;
    void this.newest();
  }

  /** Its seq. Between two messages are at least as many seqs as messages: each page looked at is nearer, and none too far. */
  async #firstAfter(mseq: number): Promise<number | undefined> {
    let messages = this.timeline.entries.flatMap((each) =>
      each.kind === "message" ? [each.saying.event] : [],
    );
    let [first, isStart] = [this.timeline.run[0], this.timeline.atStart];
    for (;;) {
      const [oldest] = messages;
      if (oldest === undefined) return undefined;
      if (isStart || oldest.mseq <= mseq + 1) return messages.find((each) => each.mseq > mseq)?.seq;
      const around = Math.min(first - 1, oldest.seq - (oldest.mseq - mseq - 1));
      const page = await this.#ask({ around });
      const older = page.events.filter((event) => event.type === "message");
      messages = older[0] !== undefined && older[0].seq < oldest.seq ? older : messages;
      [first, isStart] = [page.events[0]?.seq ?? 0, !page.more];
    }
  }

  /** Nothing that is on its way leads elsewhere. */
  #stay(): void {
    this.#jumps += 1;
    this.#going = undefined;
  }

  /** An end is not looked for while somebody is on their way elsewhere. */
  #mayAsk(kind: "before" | "after"): boolean {
    const isMissing = this.missing.peek()[edgeOf(kind)] !== undefined;
    return !isMissing && this.#going === undefined && !this.#fetching.peek().includes(kind);
  }

  async #fetch(kind: PageKind, from?: number): Promise<void> {
    const edge = edgeOf(kind);
    if (kind === "newest" || kind === "around") {
      this.#stay();
      this.#going = kind;
    }
    const jump = this.#jumps;
    const { [edge]: _, ...others } = this.missing.peek();
    this.missing.value = others;
    this.#fetching.value = [...this.#fetching.peek(), kind];
    try {
      const page = await this.#ask(from === undefined ? {} : { [kind]: from });
      if (jump === this.#jumps) this.#take(page, kind, from);
    } catch (why) {
      const again = () => void this.#fetch(kind, from);
      if (jump === this.#jumps) this.missing.value = { ...this.missing.peek(), [edge]: { why, again } };
    } finally {
      if (edge === "jump" && jump === this.#jumps) this.#going = undefined;
      const place = this.#fetching.peek().indexOf(kind);
      this.#fetching.value = this.#fetching.peek().filter((_, i) => i !== place);
    }
  }

  #take(page: Page, kind: PageKind, from?: number): void {
    this.timeline.page(page, kind, from);
    this.#came(page.events);
    if (edgeOf(kind) !== "jump") return;
    this.missing.value = {};
    this.target.value = from === undefined ? undefined : this.#near(from);
  }

  /** The message `seq` among those that are held; where it is none, or is no more, what was said next to it. */
  #near(seq: number): Target | undefined {
    const messages = this.timeline.entries.filter(({ kind }) => kind === "message");
    const found = messages.find((each) => each.seq >= seq) ?? messages.at(-1);
    return found && { seq: found.seq };
  }
}

function edgeOf(kind: PageKind): Edge {
  if (kind === "before") return "older";
  return kind === "after" ? "newer" : "jump";
}
