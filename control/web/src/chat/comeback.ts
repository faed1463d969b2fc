/**
 * When to come back after a connection ended, and when never. Pure: the policy of reconnecting.
 *
 * Delays are full jitter over an exponential cap ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015): clients that
 * lost one replica together do not return together.
 */

import { CLOSES } from "../wire/limits.ts";

export const BASE_MS = 100;
export const CAP_MS = 15_000;
/** A connection that lived this long shows that the server is well. */
export const STABLE_MS = 5_000;

const TOKEN_EXPIRED = 4005;
const CURED_BY_TOKEN: ReadonlySet<number> = new Set([4500, 4503]);

export type Random = () => number;

/** Why a connection ended. `code` is the server's close code, `afterMs` how long it asked us to stay away. */
export interface Loss {
  readonly why: string;
  readonly code?: number;
  readonly afterMs?: number;
  /** Since `welcome`; 0 when there was none. */
  readonly livedMs?: number;
}

/** What follows from a loss: the next visit, with a new token where the old one was what the server minded; or the end. */
export type Next = { readonly backInMs: number; readonly newToken: boolean } | { readonly stop: string };

/** How long to wait before try number `attempt` (from 0) after a failure. */
export function fullJitter(attempt: number, random: Random): number {
  return random() * Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 16));
}

export class Comeback {
  readonly #random: Random;
  #failures = 0;
  #forgiven = false;

  constructor(random: Random) {
    this.#random = random;
  }

  /** The token was accepted. */
  welcomed(): void {
    this.#forgiven = false;
  }

  /**
   * What to do now. Close codes from 4500 on end it; but a refusal of the token or its session is forgiven once, for there may
   * be a better one: whoever gives tokens is the judge of whether the session has ended.
   */
  after(loss: Loss): Next {
    const code = loss.code ?? 0;
    if (CURED_BY_TOKEN.has(code) && !this.#forgiven) {
      this.#forgiven = true;
      return { backInMs: 0, newToken: true };
    }
    if (code >= 4500 && code < 5000) return { stop: CLOSES[code]?.name ?? loss.why };
    if ((loss.livedMs ?? 0) >= STABLE_MS) this.#failures = 0;
    const delay = fullJitter(this.#failures, this.#random);
    this.#failures += 1;
    return { backInMs: (loss.afterMs ?? 0) + delay, newToken: code === TOKEN_EXPIRED };
  }
}
