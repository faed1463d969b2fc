/** How fast we may ask: a bucket of tokens that fills again. Pure; times are milliseconds of any steady clock. */

export class Pace {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #at = -Infinity;

  constructor(perSecond: number, burst: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = burst;
    this.#tokens = burst;
  }

  /** Take one now, and answer 0; or take none, and answer how long to wait. */
  take(now: number): number {
    const grown = this.#at === -Infinity ? 0 : (now - this.#at) * this.#perMs;
    this.#tokens = Math.min(this.#burst, this.#tokens + grown);
    this.#at = now;
    if (this.#tokens < 1) return Math.max(1, Math.ceil((1 - this.#tokens) / this.#perMs));
    this.#tokens -= 1;
    return 0;
  }
}
