/**
 * Where somebody reads in a list whose rows come, go and turn out to be of another height: a place that stays still. Pure but
 * for the view that it scrolls.
 *
 * A place is not a number of pixels but an anchor: something that was said, and how far below its top the view begins; or the
 * end, which follows what comes. The reader's hand moves it, what they jump to, and what they say themselves; nothing else
 * does. So a view that the browser moved, because the list became shorter than that, is told apart from one that was scrolled.
 */

import type { Row } from "./rows.ts";
import type { Target } from "./talk.ts";
import { Heights, type Shown } from "./virtual.ts";

type Anchor =
  { readonly kind: "end" } | { readonly kind: "row"; readonly key: string; readonly below: number };

/** An element that scrolls. */
export interface View {
  scrollTop: number;
  readonly clientWidth: number;
  readonly clientHeight: number;
  readonly scrollHeight: number;
}

/** How a view was left: where it began, its size, and how high all of it was. */
interface Box {
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly whole: number;
}

/** Who comes nearer to the end than this means to be there. */
export const NEAR_END = 24;

const END: Anchor = { kind: "end" };

export class Place {
  readonly #heights: Heights;
  #rows: readonly Row[] = [];
  /** Whether the end of the rows is the end of it all. */
  #isWhole = true;
  #anchor: Anchor = END;
  #box: Box = { top: 0, width: 0, height: 800, whole: 0 };
  /** What was jumped to last. */
  #reached: Target | undefined;

  /** A row is about `guess` high until it was measured. */
  constructor(guess: number) {
    this.#heights = new Heights(guess);
  }

  get isAtEnd(): boolean {
    return this.#anchor.kind === "end";
  }

  /** The seq of what is looked at; infinity at the end. */
  get seq(): number {
    const row = this.#anchor.kind === "end" ? undefined : this.#rows[this.#heights.rowOf(this.#anchor.key)];
    if (row?.kind === "message") return row.saying.event.seq;
    return row?.kind === "note" ? row.event.seq : Infinity;
  }

  /** The rows there are now, and whether more come after them. Whoever says something looks at where it stands. */
  show(rows: readonly Row[], isWhole: boolean): void {
    this.#isWhole = isWhole;
    if (rows === this.#rows) return;
    const isNew = ({ kind, key }: Row) => kind === "post" && this.#heights.rowOf(key) < 0;
    this.#anchor = rows.some(isNew) ? END : this.#held(new Set(rows.map(({ key }) => key)));
    this.#rows = rows;
    this.#heights.keys = rows.map(({ key }) => key);
  }

  /** Look at a message, as soon as its row is there, and once: its reader is free to go on from it. */
  lookAt(target: Target | undefined): void {
    if (target === undefined || target === this.#reached) return;
    const row = this.#rows.find((each) => each.kind === "message" && each.saying.event.seq === target.seq);
    if (row === undefined) return;
    this.#reached = target;
    this.#anchor = { kind: "row", key: row.key, below: -this.#box.height / 3 };
  }

  toEnd(): void {
    this.#anchor = END;
  }

  /** A view that is new. */
  begin(view: View): void {
    this.#box = boxOf(view);
  }

  /** Put the view right, with the rows as high as they turned out to be. Answers whether its reader had moved it. */
  settle(view: View, heights: Iterable<readonly [key: string, height: number]>): boolean {
    const isMoved = this.#follow(boxOf(view));
    this.#heights.measure(heights);
    if (Math.abs(view.scrollTop - this.#top) > 0.5) view.scrollTop = this.#top;
    this.#box = boxOf(view);
    if (this.#isWhole && this.#wanted > this.#most - 0.5) this.#anchor = END; // there is nothing below
    return isMoved;
  }

  /** What to show, with `beyond` more at both ends. */
  shown(beyond: number): Shown {
    return this.#heights.shown(this.#top, this.#box.height, beyond);
  }

  /** Whether less than `near` is left to that end of what is held. */
  isNear(end: "older" | "newer", near: number): boolean {
    return (end === "older" ? this.#top : this.#most - this.#top) < near;
  }

  /** Whether something of that row can be seen. */
  sees(key: string): boolean {
    const row = this.#heights.rowOf(key);
    const bottom = this.#top + this.#box.height;
    return row >= 0 && this.#heights.topOf(row) < bottom && this.#heights.topOf(row + 1) > this.#top;
  }

  /** Where the view is to begin, and the farthest it can. */
  get #wanted(): number {
    if (this.#anchor.kind === "end") return this.#most;
    return this.#heights.topOf(this.#heights.rowOf(this.#anchor.key)) + this.#anchor.below;
  }

  get #most(): number {
    return Math.max(0, this.#heights.whole - this.#box.height);
  }

  get #top(): number {
    return Math.min(this.#most, Math.max(0, this.#wanted));
  }

  /** Go with the hand that moved the view, if one did. */
  #follow(box: Box): boolean {
    const left = this.#box;
    const moved = box.top - left.top;
    const isAsLeft = box.width === left.width && box.height === left.height && box.whole === left.whole;
    const isCutShort = !isAsLeft && moved < 0 && box.top + box.height > box.whole - 1;
    const before = isAsLeft ? left.top : this.#top;
    this.#box = box;
    if (Math.abs(moved) < 0.5 || isCutShort) return false;
    const now = before + moved;
    const isEnd = this.#isWhole && moved > 0 && now > this.#most - NEAR_END;
    this.#anchor = isEnd ? END : this.#anchorAt(now);
    return true;
  }

  #anchorAt(top: number): Anchor {
    const first = this.#heights.rowAt(top);
    const below = this.#rows.findIndex((each, row) => row >= first && isSaid(each));
    return this.#anchorTo(below < 0 ? this.#rows.findLastIndex(isSaid) : below, top);
  }

  #anchorTo(row: number, top: number): Anchor {
    const key = this.#rows[row]?.key;
    return key === undefined ? END : { kind: "row", key, below: top - this.#heights.topOf(row) };
  }

  /** The anchor; or, when its row is not among those that are `there`, what stood below it, or else above. */
  #held(there: ReadonlySet<string>): Anchor {
    if (this.#anchor.kind === "end" || there.has(this.#anchor.key)) return this.#anchor;
    const gone = this.#heights.rowOf(this.#anchor.key);
    const isThere = (row: Row) => isSaid(row) && there.has(row.key);
    const below = this.#rows.findIndex((each, row) => row > gone && isThere(each));
    return this.#anchorTo(below < 0 ? this.#rows.findLastIndex(isThere) : below, this.#wanted);
  }
}

function boxOf({ scrollTop, clientWidth, clientHeight, scrollHeight }: View): Box {
  return { top: scrollTop, width: clientWidth, height: clientHeight, whole: scrollHeight };
}

/** What was said stays what it is. A line between moves up when something older comes, and is nothing to hold on to. */
function isSaid({ kind }: Row): boolean {
  return kind !== "day" && kind !== "new";
}
