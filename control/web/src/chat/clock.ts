/** The server's clock, as far as it can be known from here: of its tellings, the one that came quickest says it best. */

export class ServerClock {
  #offsetMs = 0;
  #doubtMs = Infinity;
  #toldAt = -Infinity;

  /**
   * The server said `serverNow`; our steady clock was `askedAt` when we asked and is `now`. A telling is worth as much as its
   * round trip was short, and clocks drift: an hour later a worse one may take its place.
   */
  told(serverNow: number, askedAt: number, now: number): void {
    const doubt = (now - askedAt) / 2;
    if (doubt > this.#doubtMs && now - this.#toldAt < 3_600_000) return;
    this.#offsetMs = serverNow - (askedAt + now) / 2;
    this.#doubtMs = doubt;
    this.#toldAt = now;
  }

  /** The server's milliseconds since 1970 at `now` of the steady clock; undefined before it told us any. */
  at(now: number): number | undefined {
    return this.#doubtMs === Infinity ? undefined : Math.round(now + this.#offsetMs);
  }
}
