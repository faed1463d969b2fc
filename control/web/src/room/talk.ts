/** What can be read as one conversation, from its newest word backward: a room, or one thread of it. */

import type { ReadonlySignal, Signal } from "@preact/signals";
import type { Row } from "./rows.ts";

/** A message that somebody jumped to; each jump is another object. */
export interface Target {
  readonly seq: number;
}

/** Where something could not be had: beyond an end of what is held, or where somebody wanted to go. */
export type Edge = "older" | "newer" | "jump";

/** Why it could not be had, and how to ask for it once more. */
export interface Missed {
  readonly why: unknown;
  readonly again: () => void;
}

export type Missing = { readonly [edge in Edge]?: Missed };

export interface Talk {
  readonly rows: ReadonlySignal<readonly Row[]>;
  /** Whether anything of it is here. */
  readonly holds: boolean;
  /** Whether there is nothing older than what is held, and nothing newer. */
  readonly atStart: boolean;
  readonly atEnd: boolean;
  /** Whether something is on its way, and what could not be had. */
  readonly isFetching: boolean;
  readonly missing: ReadonlySignal<Missing>;
  /** What was jumped to, until its reader goes on from there. */
  readonly target: Signal<Target | undefined>;
  /** Its reader goes to the end, wherever that is. */
  toEnd(): void;
  /** They come near an end of what is held. */
  older(): Promise<void>;
  newer(): Promise<void>;
  /** How many messages I had not read when I came, as long as I was not where they begin. */
  readonly unread: ReadonlySignal<number>;
  /** Its reader goes there, or sees it by themselves. Rejected with why that cannot be. */
  goToUnread(): Promise<void>;
  sawUnread(): void;
  /** Where its reader is: the seq of what they look at, infinity at the end, or when there is none. */
  looksAt(seq: number): void;
  /** What is held was seen to its end by somebody who looks at it. */
  seen(): void;
}
