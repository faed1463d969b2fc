/** What is found of the words that are looked for now: an answer to what was looked for before finds nobody who waits for it. */

import { signal } from "@preact/signals";
import type { Event, Found, State } from "../../wire/socket.ts";

export interface Results {
  readonly events: readonly Event[];
  readonly states: readonly State[];
  /** Where to go on; undefined when all was looked through. */
  readonly next: number | undefined;
}

export class Search {
  readonly found = signal<Results | undefined>(undefined);
  readonly busy = signal(false);
  readonly fault = signal<unknown>(undefined);
  readonly #ask: (text: string, before?: number) => Promise<Found>;
  #text = "";
  #turn = 0;

  constructor(ask: (text: string, before?: number) => Promise<Found>) {
    this.#ask = ask;
  }

  /** Nothing is looked for any more. */
  clear(): void {
    this.#turn += 1;
    this.found.value = undefined;
    this.fault.value = undefined;
    this.busy.value = false;
  }

  /** Look for `text`. */
  look(text: string): Promise<void> {
    this.clear();
    this.#text = text;
    return this.more();
  }

  /** Go on where it was looked last. */
  async more(): Promise<void> {
    if (this.busy.peek()) return;
    const turn = this.#turn;
    const before = this.found.peek();
    this.busy.value = true;
    this.fault.value = undefined;
    try {
      const page = await this.#ask(this.#text, before?.next);
      if (turn !== this.#turn) return;
      this.found.value = {
        events: [...(before?.events ?? []), ...page.events],
        states: [...(before?.states ?? []), ...(page.states ?? [])],
        next: page.next ?? undefined,
      };
    } catch (fault) {
      if (turn === this.#turn) this.fault.value = fault;
    } finally {
      if (turn === this.#turn) this.busy.value = false;
    }
  }
}
