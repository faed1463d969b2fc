/** What can be read as one conversation, from its newest word backward: a room, or one thread of it. */

import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Row } from "./rows.ts";

/** A message that somebody jumped to; each jump is another object. */
export interface Target {
  readonly seq: number;
}

export interface Talk {
  readonly rows: ReadonlySignal<readonly Row[]>;
  /** Whether anything of it is here. */
  readonly holds: boolean;
  /** Whether there is nothing older than what is held, and nothing newer. */
  readonly atStart: boolean;
  readonly atEnd: boolean;
  /** Whether something is on its way, and why it did not come. */
  readonly isFetching: boolean;
  readonly fault: ReadonlySignal<unknown>;
  /** What was jumped to, until its reader goes on from there. */
  readonly target: Signal<Target | undefined>;
  newest(): Promise<void>;
  older(): Promise<void>;
  newer(): Promise<void>;
  /** Where its reader is: the seq of what they look at, infinity at the end, or when there is none. */
  looksAt(seq: number): void;
  /** What is held was seen to its end by somebody who looks at it. */
  seen(): void;
}
