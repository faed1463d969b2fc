/** Messages that are quoted and not held: each is asked for once, and is as it is by now whatever happens to it. */

import { signal } from "@preact/signals";
import type { Event, Page } from "../wire/socket.ts";
import { Lately } from "./lately.ts";
import { changed, ofWhich, type Saying } from "./saying.ts";

export class Quotes {
  readonly #ask: (seq: number) => Promise<Page>;
  readonly #lately: Lately;
  readonly #known = signal<ReadonlyMap<number, Saying>>(new Map());
  #asked = new Set<number>();

  /** `ask` gets a page that begins with the message `seq`. */
  constructor(me: string, ask: (seq: number) => Promise<Page>) {
    this.#lately = new Lately(me);
    this.#ask = ask;
  }

  /** The message `seq`; undefined until it is here, which is asked by that, or for ever. */
  of(seq: number): Saying | undefined {
    const known = this.#known.value.get(seq);
    if (known === undefined && !this.#asked.has(seq)) {
      this.#asked.add(seq);
      queueMicrotask(() => void this.#fetch(seq));
    }
    return known;
  }

  heard(event: Event): void {
    this.#lately.heard(event);
    const of = event.type === "void" ? event.of : ofWhich(event);
    const known = this.#known.peek();
    const before = known.get(of ?? 0);
    if (before === undefined) return;
    const now = new Map(known);
    if (event.type === "void") now.delete(before.event.seq);
    else now.set(before.event.seq, changed(before, event));
    this.#known.value = now;
  }

  /** The log begins anew: a seq may be another message's now. */
  reset(): void {
    this.#lately.forget();
    this.#known.value = new Map();
    this.#asked = new Set();
  }

  async #fetch(seq: number): Promise<void> {
    const asked = this.#asked;
    try {
      const page = await this.#ask(seq);
      const [said] = this.#lately.sayings(page).values();
      const isVoid = this.#lately.voided.includes(seq);
      if (asked !== this.#asked || said === undefined || isVoid) return;
      this.#known.value = new Map(this.#known.peek()).set(seq, said);
    } catch {
      return; // it is from before my time, or cannot be had now: it stays unsaid
    }
  }
}
