/**
 * Asking control: typed by operation, with the session of this browser, again where that can do no harm.
 *
 * A read that met the network's or the server's bad moment is asked again, some times, with back-off. What an ended access
 * token refused is asked again once, with a new one: it was not carried out.
 */

import { fullJitter } from "../chat/comeback.ts";
import { Failure } from "../chat/failure.ts";
import { type Asked, exchange, type Input, type Key, type Place, type Result } from "./exchange.ts";
import type { Session } from "./session.ts";

/** Codes that a newer access token cures. */
const CURED: ReadonlySet<string> = new Set(["unauthenticated", "token_expired", "token_invalid"]);
/** How often a read is asked, at most. */
const TRIES = 4;
/** Nobody waits longer for a read to be asked again: it is refused with what it met. */
const LONGEST_WAIT_MS = 5_000;

export interface Wish {
  readonly signal?: AbortSignal;
}

type Wait = (ms: number, signal: AbortSignal | undefined) => Promise<void>;

export class Http {
  readonly session: Session;
  readonly #place: Place;
  readonly #wait: Wait;
  readonly #random: () => number;

  constructor(place: Place, session: Session, wait: Wait = pause, random: () => number = Math.random) {
    this.#place = place;
    this.session = session;
    this.#wait = wait;
    this.#random = random;
  }

  /**
   * Ask an operation: `ask("GET /api/v1/rooms/{room}", { path: { room } })`. Rejects with a `Problem` of one of its codes,
   * with `offline`, or with the reason of `signal`.
   */
  ask<K extends Key>(key: K, ...[input]: Asked<K>): Promise<Result<K>> {
    return this.wish(key, input, {});
  }

  /** The same, as long as `signal` says. */
  async wish<K extends Key>(key: K, input: Input<K> | undefined, { signal }: Wish): Promise<Result<K>> {
    const tries = key.startsWith("GET ") ? TRIES : 1;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#asOneself(key, input, signal);
      } catch (fault) {
        const passes = fault instanceof Failure && fault.temporary && attempt < tries;
        const wait = passes
          ? Math.max(fault.retryAfterMs ?? 0, fullJitter(attempt + 1, this.#random))
          : Infinity;
        if (wait > LONGEST_WAIT_MS) throw fault;
        await this.#wait(wait, signal);
      }
    }
  }

  /** Log in; the tokens go into cookies. `device` is what this one is called in the list of sessions. */
  async logIn(email: string, password: string, device?: string): Promise<void> {
    const input = { body: { email, password, device: device ?? null, cookies: true } };
    const { result, at } = await exchange(this.#place, "POST /api/v1/sessions", input);
    this.session.begin(result, at);
  }

  async #asOneself<K extends Key>(
    key: K,
    input: Input<K> | undefined,
    signal?: AbortSignal,
  ): Promise<Result<K>> {
    const known = this.session.kept;
    if (known !== undefined) await this.session.fresh();
    const number = this.session.kept?.number;
    try {
      return (await exchange(this.#place, key, input, signal)).result;
    } catch (fault) {
      if (known === undefined || !(fault instanceof Failure) || !CURED.has(fault.code)) {
        if (fault instanceof Failure && fault.code === "session_revoked") this.session.end(fault.code);
        throw fault;
      }
      await this.session.renew(number);
      return (await exchange(this.#place, key, input, signal)).result;
    }
  }
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((awake, aborted) => {
    const timer = setTimeout(awake, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      aborted(signal.reason as Error);
    });
  });
}
