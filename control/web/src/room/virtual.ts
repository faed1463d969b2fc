/**
 * A list of which only what can be seen is there, in a place that stays still. Pure: heights in, what to show out.
 *
 * Rows have whatever height they turn out to have; until one was measured it is guessed. What a reader looks at must not move
 * when rows above it come, go or turn out to be of another height: so a place is not a number of pixels but an anchor, a row
 * and how far below its top the view begins; and `atEnd` is an anchor of its own, which follows what comes.
 */

export type Anchor =
  { readonly kind: "end" } | { readonly kind: "row"; readonly key: string; readonly below: number };

/** Which rows to show, and how much room to leave for those above and below them. */
export interface Shown {
  readonly from: number;
  readonly to: number;
  readonly above: number;
  readonly below: number;
}

/** Nearer to the end than this a reader means to be there. */
export const NEAR_END = 24;

export class Heights {
  readonly #guess: number;
  readonly #measured = new Map<string, number>();
  #keys: readonly string[] = [];
  #tops: number[] = [0];

  constructor(guess: number) {
    this.#guess = guess;
  }

  /** The rows there are now, from top to bottom. */
  set keys(keys: readonly string[]) {
    if (this.#measured.size > 2 * keys.length + 500) this.#forget(keys);
    this.#keys = keys;
    this.#stack();
  }

  /** Rows were measured; answers whether that moves anything. */
  measure(heights: Iterable<readonly [key: string, height: number]>): boolean {
    let moved = false;
    for (const [key, height] of heights) {
      if (Math.abs((this.#measured.get(key) ?? NaN) - height) < 0.5) continue;
      this.#measured.set(key, height);
      moved = true;
    }
    if (moved) this.#stack();
    return moved;
  }

  /** The height of it all. */
  get whole(): number {
    return this.#tops.at(-1) ?? 0;
  }

  /** What to show to who sees `height` pixels from `top` on, and `beyond` more at both ends. */
  shown(top: number, height: number, beyond: number): Shown {
    const from = this.#rowAt(Math.max(0, top - beyond));
    const to = Math.min(this.#keys.length, this.#rowAt(top + height + beyond) + 1);
    return { from, to, above: this.#tops[from] ?? 0, below: this.whole - (this.#tops[to] ?? this.whole) };
  }

  /** Where a reader is who sees `height` pixels from `top` on. */
  anchorAt(top: number, height: number): Anchor {
    if (top + height >= this.whole - NEAR_END) return { kind: "end" };
    const row = this.#rowAt(top);
    const key = this.#keys[row];
    return key === undefined ? { kind: "end" } : { kind: "row", key, below: top - (this.#tops[row] ?? 0) };
  }

  /** The `top` at which a reader sees what they saw; undefined when that row is not there any more. */
  topOf(anchor: Anchor, height: number): number | undefined {
    if (anchor.kind === "end") return Math.max(0, this.whole - height);
    const row = this.#keys.indexOf(anchor.key);
    return row < 0 ? undefined : (this.#tops[row] ?? 0) + anchor.below;
  }

  /** The row that `y` is in. */
  #rowAt(y: number): number {
    let [low, high] = [0, Math.max(0, this.#keys.length - 1)];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#tops[middle] ?? 0) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #stack(): void {
    let top = 0;
    this.#tops = [0];
    for (const key of this.#keys) this.#tops.push((top += this.#measured.get(key) ?? this.#guess));
  }

  #forget(keys: readonly string[]): void {
    const there = new Set(keys);
    for (const key of this.#measured.keys()) if (!there.has(key)) this.#measured.delete(key);
  }
}
