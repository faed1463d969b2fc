/**
 * The session of this browser: one for all its tabs.
 *
 * Its tokens are in cookies that no page can read. What is kept here is until when the access token lives, under a number
 * that counts the refreshes: of two tabs that find it ended, the second sees by the number that the first has renewed it. For
 * a refresh token is good once, and to use an old one ends the session; so a refresh is done under a lock of the whole
 * browser, and outlives the page that asked for it. When its answer is lost, the old token is all there is, and it is good for
 * ten seconds yet: so it is asked again at once.
 */

import { Failure } from "../chat/failure.ts";
import { Listeners } from "../chat/listeners.ts";
import type { Tokens as Given } from "../wire/http.ts";
import { type Answer, exchange, type Place } from "./exchange.ts";
import { type Lock, sleep, type Store } from "./lock.ts";

/** What all tabs know. Times are this browser's. */
export interface Kept {
  readonly user: string;
  readonly session: string;
  readonly endsAt: number;
  readonly number: number;
}

/** Who is logged in, or why nobody is: `left` by themselves, `elsewhere` in another tab, or the server's code. */
export type SessionNews =
  { readonly kind: "in"; readonly kept: Kept } | { readonly kind: "out"; readonly why: string };

const KEY = "madang.session";
const LOCK = "madang.session";
const REFRESH = "POST /api/v1/sessions/refresh";
/** A token that ends sooner is not worth a request. */
const MARGIN_MS = 10_000;
/** How often a refresh is asked, and how long an answer is waited for that may be asked for again: in all, within its grace. */
const TRIES = 3;
const PATIENCE_MS = 3_000;
const PAUSE_MS = 400;
/** Refusals of a refresh that end the session. */
const ENDS: ReadonlySet<string> = new Set([
  "unauthenticated",
  "token_invalid",
  "token_expired",
  "token_reused",
  "session_revoked",
]);

export class Session {
  /** What happened here or in another tab. */
  readonly news = new Listeners<SessionNews>();
  readonly #place: Place;
  readonly #store: Store;
  readonly #lock: Lock;
  readonly #now: () => number;
  readonly #wait: (ms: number) => Promise<void>;
  #renewing: Promise<Kept> | undefined;

  constructor(place: Place, store: Store, lock: Lock, now: () => number = Date.now, wait = sleep) {
    this.#wait = wait;
    this.#place = place;
    this.#store = store;
    this.#lock = lock;
    this.#now = now;
  }

  /** The session, as far as this browser knows; undefined when nobody is logged in. */
  get kept(): Kept | undefined {
    const text = this.#store.getItem(KEY);
    if (text === null) return undefined;
    try {
      return JSON.parse(text) as Kept;
    } catch {
      return undefined;
    }
  }

  /** Somebody logged in. `at` is the server's time when it gave these. */
  begin(given: Given, at: number | undefined): Kept {
    const lifeMs = given.access_expires_at - (at ?? this.#now());
    const kept = {
      user: given.user,
      session: given.session,
      endsAt: this.#now() + lifeMs,
      number: (this.kept?.number ?? 0) + 1,
    };
    this.#store.setItem(KEY, JSON.stringify(kept));
    this.news.tell({ kind: "in", kept });
    return kept;
  }

  /** Nobody is logged in any more. */
  end(why: string): void {
    if (this.#store.getItem(KEY) === null) return;
    this.#store.removeItem(KEY);
    this.news.tell({ kind: "out", why });
  }

  /** The access token lives some time yet: renew it when it does not. Rejects as `renew` does. */
  async fresh(): Promise<void> {
    const kept = this.kept;
    if (kept === undefined || kept.endsAt < this.#now() + MARGIN_MS) await this.renew(kept?.number);
  }

  /**
   * Have newer tokens than those of refresh number `known`, of which it was found that they do not do. Rejects with a
   * `Problem` that ends the session, or with a temporary `Failure`.
   */
  renew(known: number | undefined = this.kept?.number): Promise<Kept> {
    this.#renewing ??= this.#lock(LOCK, () => this.#renew(known)).finally(() => (this.#renewing = undefined));
    return this.#renewing;
  }

  async #renew(known: number | undefined): Promise<Kept> {
    const kept = this.kept;
    if (kept !== undefined && kept.number !== known) return kept; // another tab was first
    try {
      const { result, at } = await this.#refresh(TRIES);
      return this.begin(result, at);
    } catch (fault) {
      if (fault instanceof Failure && ENDS.has(fault.code)) this.end(fault.code);
      throw fault;
    }
  }

  /** Have it said once more, while that is allowed, when the answer was lost. */
  async #refresh(tries: number): Promise<Answer<typeof REFRESH>> {
    try {
      const patienceMs = tries > 1 ? PATIENCE_MS : undefined;
      return await exchange(this.#place, REFRESH, {}, undefined, true, patienceMs);
    } catch (fault) {
      const isLost = fault instanceof Failure && fault.temporary && fault.retryAfterMs === undefined;
      if (!isLost || tries === 1) throw fault;
    }
    await this.#wait(PAUSE_MS);
    return await this.#refresh(tries - 1);
  }

  /** Log out, in every tab of this browser. */
  async logOut(): Promise<void> {
    await this.#lock(LOCK, () => exchange(this.#place, "POST /api/v1/sessions/logout", {}, undefined, true));
    this.end("left");
  }

  /** Another tab changed what is kept; if it ended it, it knows why, and what is to follow was its to do. */
  changed(key: string | null): void {
    if (key !== KEY && key !== null) return;
    const kept = this.kept;
    this.news.tell(kept ? { kind: "in", kept } : { kind: "out", why: "elsewhere" });
  }
}
