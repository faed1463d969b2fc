/**
 * Whether our person is at this page, said to the others: whoever neither moves nor types for a while, or looks at something
 * else for a moment, is away, unless they are engaged here, as in a call.
 */

import { effect, signal } from "@preact/signals";
import { chat } from "./session.ts";

const MINUTE = 60_000;
/** So long after the last sign of somebody nobody is there; and so long after they turned to another page. */
export const STILL_MS = 5 * MINUTE;
export const ELSEWHERE_MS = MINUTE;

/** What somebody takes part in without a move, as a call. */
const engagements = signal<ReadonlySet<object>>(new Set());

/** They take part in `what`, or do so no more. */
export function engage(what: object, on: boolean): void {
  const now = new Set(engagements.peek());
  if (on) now.add(what);
  else now.delete(what);
  if (now.size !== engagements.peek().size) engagements.value = now;
}

export class Attention {
  readonly #tell: (word: "online" | "away") => void;
  readonly #now: () => number;
  #at: number;
  #isShown = true;
  #isEngaged = false;
  #isAway = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `tell` hears of every change; whoever begins is there. */
  constructor(tell: (word: "online" | "away") => void, now: () => number = () => performance.now()) {
    this.#tell = tell;
    this.#now = now;
    this.#at = now();
    this.#look();
  }

  /** They did something. Cheap: it may be said at every move of a mouse. */
  sign(): void {
    this.#at = this.#now();
    if (this.#isAway) this.#look();
  }

  /** The page is to be seen, or is not any more; either is their doing. */
  shown(on: boolean): void {
    this.#isShown = on;
    this.#at = this.#now();
    this.#look();
  }

  engaged(on: boolean): void {
    this.#isEngaged = on;
    this.#at = this.#now();
    this.#look();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #look(): void {
    clearTimeout(this.#timer);
    const left = this.#at + (this.#isShown ? STILL_MS : ELSEWHERE_MS) - this.#now();
    const isAway = left <= 0 && !this.#isEngaged;
    if (isAway !== this.#isAway) {
      this.#isAway = isAway;
      this.#tell(isAway ? "away" : "online");
    }
    if (left > 0) this.#timer = setTimeout(() => this.#look(), left);
  }
}

const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

effect(() => {
  const client = chat.value;
  if (client === undefined) return undefined;
  const attention = new Attention((word) => client.say(word));
  const ends = new AbortController();
  const heard = { signal: ends.signal, passive: true, capture: true };
  for (const sign of SIGNS) addEventListener(sign, () => attention.sign(), heard);
  document.addEventListener("visibilitychange", () => attention.shown(!document.hidden), heard);
  if (document.hidden) attention.shown(false);
  const stop = effect(() => attention.engaged(engagements.value.size > 0));
  return () => {
    stop();
    ends.abort();
    attention.close();
  };
});
