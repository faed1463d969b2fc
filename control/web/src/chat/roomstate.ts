/** A room as the conversation sees it: whether it is open on the present connection, its place, what waits. Pure. */

import type { Event, Position, Reset } from "../wire/socket.ts";
import { fullJitter, type Random } from "./comeback.ts";
import type { Failure } from "./failure.ts";
import { Call, Lane } from "./lane.ts";

/** `wanted`: to be asked for, not before `openAt`; `opening`: asked for at `askedAt`. */
export type Phase = "wanted" | "opening" | "open" | "ended";

/** What became of an event that came in: `known` was seen before; of a `hole`, something before it is missing. */
export type Verdict = "kept" | "known" | "hole";

/** Read marks go out no oftener than this. */
export const MARK_EVERY_MS = 1_000;
/** As long as somebody types, it is said this often; those who hear it forget after six seconds. */
export const TYPING_EVERY_MS = 3_000;

export class RoomState {
  readonly id: string;
  /** What is said, and what is changed: one at a time, so that nothing overtakes. */
  readonly says = new Lane(1);
  /** What is asked: in any order. */
  readonly asks = new Lane(8);
  readonly mark = new Mark();
  opening: Call;
  phase: Phase = "wanted";
  openAt = -Infinity;
  askedAt = 0;
  /** Holes and refusals since the last progress. */
  setbacks = 0;
  ended: Failure | undefined;
  position: Position | undefined;
  #typingSaid = -Infinity;

  constructor(id: string, resume?: Position) {
    this.id = id;
    this.position = resume;
    this.opening = new Call(0, { type: "room.open", room: id }, id);
  }

  /** Have it asked for again, at `at` or later. */
  want(at: number = -Infinity): void {
    this.phase = "wanted";
    this.openAt = at;
  }

  /** The call that asks for it, from where it stands. */
  ask(now: number): Call {
    this.phase = "opening";
    this.askedAt = now;
    if (this.opening.over) this.opening = new Call(0, this.opening.command, this.id);
    const resume = this.position === undefined ? {} : { resume: this.position };
    this.opening.command = { type: "room.open", room: this.id, ...resume };
    return this.opening;
  }

  /** The server opened it. A place we already have stands: what was missed, or a reset, follows. */
  opened(position: Position): void {
    this.phase = "open";
    this.position ??= position;
  }

  /** Take `event` when it is the next one. */
  take(event: Event): Verdict {
    if (this.position === undefined || event.seq <= this.position.seq) return "known";
    if (event.seq > this.position.seq + 1) return "hole";
    this.position = { epoch: this.position.epoch, seq: event.seq };
    this.setbacks = 0;
    return "kept";
  }

  /** Begin anew at the reset's position. */
  reset(reset: Reset): void {
    this.position = reset.position;
  }

  /** It could not go on: ask again, more patiently each time until there is progress. */
  setBack(now: number, random: Random, afterMs: number = 0): void {
    this.want(now + afterMs + fullJitter(this.setbacks, random));
    this.setbacks += 1;
  }

  /** Whether to tell the others now that we type, or have stopped. */
  types(on: boolean, now: number): boolean {
    if (on ? now < this.#typingSaid + TYPING_EVERY_MS : this.#typingSaid === -Infinity) return false;
    this.#typingSaid = on ? now : -Infinity;
    return true;
  }

  /** What was said ends it: the others know by themselves. */
  typed(): void {
    this.#typingSaid = -Infinity;
  }

  /** When there is something to write for this room; infinity when there is nothing. */
  readyAt(): number {
    if (this.phase === "wanted") return this.openAt;
    if (this.phase !== "open") return Infinity;
    return Math.min(this.says.readyAt(), this.asks.readyAt(), this.mark.readyAt());
  }

  /** The connection is gone. */
  forget(): void {
    this.says.forget();
    this.asks.forget();
    this.mark.forget();
  }
}

/** How far we have read, said no oftener than is of use: the furthest mark alone, one on its way at a time. */
export class Mark {
  #wanted = 0;
  #known = 0;
  #onItsWay = false;
  #notBefore = -Infinity;

  /** We have read up to the message `mseq`. */
  want(mseq: number): void {
    this.#wanted = Math.max(this.#wanted, mseq);
  }

  /** It is so far already, by another device or by what we said. */
  known(mseq: number): void {
    this.#known = Math.max(this.#known, mseq);
  }

  readyAt(): number {
    return this.#wanted > this.#known && !this.#onItsWay ? this.#notBefore : Infinity;
  }

  /** The mark to say, which is on its way from here on. */
  next(now: number): number {
    this.#onItsWay = true;
    this.#notBefore = now + MARK_EVERY_MS;
    return this.#wanted;
  }

  /** The answer: so far it is now; or refused, for good or until `again`. */
  answered(mseq: number): void {
    this.#onItsWay = false;
    this.known(mseq);
  }

  refused(again: number): void {
    this.#onItsWay = false;
    this.#notBefore = again;
    if (again === Infinity) this.#wanted = 0;
  }

  forget(): void {
    this.#onItsWay = false;
  }
}
