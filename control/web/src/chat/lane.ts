/** Commands on their way: one `Call` each, and the `Lane` that keeps those of one kind in order. Pure. */

import type { Answers, Command } from "../wire/socket.ts";
import type { Failure } from "./failure.ts";

export type Outcome = { readonly ok: unknown } | { readonly failure: Failure };

/** The `ok` of a command. */
export type Granted<C extends Command> = Answers[C["type"]];

/** One command until its answer. `number` is its place in the order of making; 0 goes before all. */
export class Call {
  readonly number: number;
  readonly room: string | undefined;
  command: Command;
  refusals = 0;
  sentAt = 0;
  outcome: Outcome | undefined;
  abandoned = false;

  constructor(number: number, command: Command, room?: string) {
    this.number = number;
    this.command = command;
    this.room = room;
  }

  /** Whether nobody waits for its answer any more. */
  get over(): boolean {
    return this.abandoned || this.outcome !== undefined;
  }
}

/**
 * Calls that wait to be written, in the order of their making however often they come back. At most `window` of them are
 * unanswered; with a window of one, none overtakes another even when one is refused for the moment. Nothing leaves before
 * `holdUntil`, which such a refusal sets.
 */
export class Lane {
  readonly window: number;
  holdUntil = -Infinity;
  unanswered = 0;
  #waiting: Call[] = [];

  constructor(window: number) {
    this.window = window;
  }

  /** Take a new call, or one that has to go again. */
  add(call: Call): void {
    const place = this.#waiting.findLastIndex((each) => each.number <= call.number) + 1;
    this.#waiting.splice(place, 0, call);
  }

  /** When `next` will have a call; infinity when nothing waits or the window is full. */
  readyAt(): number {
    while (this.#waiting[0]?.over) this.#waiting.shift();
    return this.#waiting.length > 0 && this.unanswered < this.window ? this.holdUntil : Infinity;
  }

  /** The first call, counted as unanswered from here on. Only when `readyAt` has come. */
  next(): Call {
    const call = this.#waiting.shift();
    if (call === undefined) throw new RangeError("nothing waits");
    this.unanswered += 1;
    return call;
  }

  /** The connection is gone: nothing is on its way, nothing has to be waited for. */
  forget(): void {
    this.unanswered = 0;
    this.holdUntil = -Infinity;
  }

  /** Everything that waits; the lane is empty afterwards. */
  drain(): Call[] {
    return this.#waiting.splice(0).filter((call) => !call.over);
  }
}
