/**
 * The heights of a list's rows, of which only what can be seen is there. Pure: heights in, what to show out.
 *
 * Rows have whatever height they turn out to have; until one was measured it is guessed.
 */

/** Which rows to show, and how much room to leave for those above and below them. */
export interface Shown {
  readonly from: number;
  readonly to: number;
  readonly above: number;
  readonly below: number;
}

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

  /** Rows were measured. */
  measure(heights: Iterable<readonly [key: string, height: number]>): void {
    for (const [key, height] of heights) this.#measured.set(key, height);
    this.#stack();
  }

  /** The height of it all. */
  get whole(): number {
    return this.#tops.at(-1) ?? 0;
  }

  /** What to show to who sees `height` pixels from `top` on, and `beyond` more at both ends. */
  shown(top: number, height: number, beyond: number): Shown {
    const from = this.rowAt(Math.max(0, top - beyond));
    const to = Math.min(this.#keys.length, this.rowAt(top + height + beyond) + 1);
    return { from, to, above: this.#tops[from] ?? 0, below: this.whole - (this.#tops[to] ?? this.whole) };
  }

  /** The place of a row among them; -1 when it is not there. */
  rowOf(key: string): number {
    return this.#keys.indexOf(key);
  }

  /** Where a row begins. */
  topOf(row: number): number {
    return this.#tops[row] ?? 0;
  }

  /** The row that `y` is in. */
  rowAt(y: number): number {
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
