/**
 * The client: a core, a socket at a time, and the application's wishes between them.
 *
 * It owns the socket and the one timer; every decision is the core's. It knows nothing of pages and of what is shown.
 */

import type * as wire from "../wire/socket.ts";
import { Comeback, type Loss, type Random } from "./comeback.ts";
import { Core, type Effect, isTalk, type Presence } from "./core.ts";
import { Failure } from "./failure.ts";
import type { Call, Granted } from "./lane.ts";
import { Listeners } from "./listeners.ts";
import { Room } from "./room.ts";
import type { RoomState } from "./roomstate.ts";

/** A socket as browsers have it; any other that behaves so will do. */
export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((message: { readonly data: unknown }) => void) | null;
  onclose: ((end: { readonly code: number; readonly reason: string }) => void) | null;
  send(frame: string): void;
  close(code?: number): void;
}

/** Where tokens come from. Both reject with a `Failure`: a temporary one to be asked again, any other ends the client. */
export interface Tokens {
  /**
   * Make the next handshake good: answer the token that `hello` is to say, or undefined where a cookie says it. `anew`: what
   * was said last was refused.
   */
  forVisit(anew: boolean): Promise<string | undefined>;
  /** A token that renews the present connection. */
  forRenewal(): Promise<string>;
}

/** A steady clock in milliseconds, and one timer at a time. */
export interface Time {
  now(): number;
  /** Call `due` in `ms`, and never when what is given back was called. */
  after(ms: number, due: () => void): () => void;
}

/** How the connection stands. `away` until `backAt` of the steady clock, or until `wake`. */
export type Standing =
  | { readonly kind: "connecting" }
  | { readonly kind: "online" }
  | { readonly kind: "away"; readonly backAt: number; readonly why: string }
  | { readonly kind: "stopped"; readonly why: Failure };

export interface Options {
  readonly tokens: Tokens;
  readonly dial: () => Socket;
  readonly language: "en" | "ko";
  readonly time?: Time;
  readonly random?: Random;
}

/** Why the browser says that no close frame came. */
const NO_CODE: ReadonlySet<number> = new Set([1005, 1006]);
/** A timer further off than this is cut short, as browsers would do it to nothing. */
const LONGEST_MS = 2 ** 31 - 1;

export const browserTime: Time = {
  now: () => performance.now(),
  after(ms, due) {
    const timer = setTimeout(due, Math.min(Math.max(0, Math.ceil(ms)), LONGEST_MS));
    return () => clearTimeout(timer);
  },
};

export class Client {
  /** News of the moment, in the order in which it came. */
  readonly news = new Listeners<wire.News>();
  readonly standings = new Listeners<Standing>();
  /** Each room that was opened, as it was then. */
  readonly opened = new Listeners<wire.RoomOpened>();
  readonly #core: Core;
  readonly #comeback: Comeback;
  readonly #options: Options;
  readonly #time: Time;
  readonly #rooms = new Map<RoomState, Room>();
  readonly #waiting = new Map<Call, { ok: (ok: never) => void; failed: (failure: Failure) => void }>();
  #standing: Standing = { kind: "connecting" };
  #socket: Socket | undefined;
  #cancelTimer: () => void = () => undefined;
  #spokenAt = -Infinity; // when talk was told last
  #cancelPump: (() => void) | undefined;
  #visits = 0;

  constructor(options: Options) {
    const random = options.random ?? Math.random;
    this.#options = options;
    this.#time = options.time ?? browserTime;
    this.#core = new Core(random, options.language);
    this.#comeback = new Comeback(random);
    void this.#visit(false);
  }

  // --- for the application -------------------------------------------------------------------------------------------

  get standing(): Standing {
    return this.#standing;
  }

  /** What the present replica said at the start; undefined while there is no connection. */
  get welcome(): wire.Welcome | undefined {
    return this.#core.welcome;
  }

  /** The server's milliseconds since 1970; our own before it told us. */
  now(): number {
    return this.#core.clock.at(this.#time.now()) ?? Date.now();
  }

  /** Hear a room. What is said in it waits until it is open; `room.opened` tells when, or why it never will be. */
  open(id: string, resume?: wire.Position): Room {
    const state = this.#core.open(id, resume);
    const opened = this.#outcome<wire.RoomOpened>(state.opening);
    const room = new Room(this, this.#core, state, opened);
    this.#rooms.set(state, room);
    this.pump();
    return room;
  }

  /** Ask a command that belongs to no room. */
  ask<C extends wire.Command>(command: C, room?: RoomState): Promise<Granted<C>> {
    try {
      const answer = this.#outcome<Granted<C>>(this.#core.submit(command, room));
      this.pump();
      return answer;
    } catch (failure) {
      return Promise.reject(failure as Failure);
    }
  }

  /** Whether our person is at this device. */
  say(word: Presence): void {
    this.#core.say(word);
    this.pump();
  }

  /** The next connections are spoken to in this language. */
  speak(language: "en" | "ko"): void {
    this.#core.language = language;
  }

  /** The network or the machine came back: try now, or find out whether the connection lives. */
  wake(): void {
    if (this.#standing.kind === "away") {
      this.#cancelTimer();
      void this.#visit(false);
    } else {
      this.#core.probe(this.#time.now());
      this.pump();
    }
  }

  /** End it for good: what waits is rejected with `stopped`. */
  stop(why: Failure = new Failure("stopped")): void {
    if (this.#standing.kind === "stopped") return;
    const socket = this.#let();
    this.#core.stop(why);
    this.#stands({ kind: "stopped", why });
    this.pump();
    socket?.close(1000);
  }

  /** The steady clock's time, for the core. */
  get steady(): number {
    return this.#time.now();
  }

  /** Write what is to be written, tell what is to be told, and see to it that the next deadline is met. */
  pump(): void {
    this.#cancelPump?.();
    this.#cancelPump = undefined;
    this.#tell();
    for (const frame of this.#core.frames(this.#time.now())) this.#socket?.send(frame);
    const due = this.#core.deadline();
    if (this.#socket && due < Infinity) this.#setTimer(due); // else our patience with the handshake goes on
  }

  /** The same, but talk is told a few times a second at most: what comes in quick succession together. */
  #pumpCalmly(): void {
    const wait = this.#core.isTalk ? this.#spokenAt + CALM_MS - this.#time.now() : 0;
    if (wait <= 0) this.pump();
    else this.#cancelPump ??= this.#time.after(wait, () => this.pump());
  }

  // --- the connection ------------------------------------------------------------------------------------------------

  async #visit(anew: boolean): Promise<void> {
    const visit = ++this.#visits;
    this.#stands({ kind: "connecting" });
    let token: string | undefined;
    try {
      token = await this.#options.tokens.forVisit(anew);
    } catch (fault) {
      if (visit === this.#visits) this.#noToken(fault);
      return;
    }
    if (visit === this.#visits) this.#connect(token);
  }

  #noToken(fault: unknown): void {
    const failure = fault instanceof Failure ? fault : new Failure("unavailable", String(fault), true);
    if (failure.temporary) this.#lost({ why: failure.message, afterMs: failure.retryAfterMs ?? 0 });
    else this.stop(failure);
  }

  #connect(token: string | undefined): void {
    const socket = this.#options.dial();
    const mine = () => this.#socket === socket;
    this.#socket = socket;
    socket.onopen = () => {
      if (!mine()) return;
      this.#core.connected(this.#time.now(), token);
      this.pump();
    };
    socket.onmessage = ({ data }) => {
      if (!mine()) return;
      this.#core.received(String(data), this.#time.now());
      this.#pumpCalmly();
    };
    socket.onclose = ({ code, reason }) => {
      if (!mine()) return;
      this.#let();
      this.#lost(NO_CODE.has(code) ? { why: "the connection broke" } : { why: reason || String(code), code });
    };
    this.#setTimer(this.#time.now() + HANDSHAKE_PATIENCE_MS, () => this.#hangUp({ why: "no handshake" }));
  }

  /** Let go of the socket: whatever it still says is not heard. */
  #let(): Socket | undefined {
    const socket = this.#socket;
    this.#visits += 1;
    this.#socket = undefined;
    this.#cancelTimer();
    return socket;
  }

  #hangUp(loss: Loss): void {
    const socket = this.#let();
    this.#lost(loss);
    socket?.close(1000);
  }

  #lost(found: Loss): void {
    const loss = this.#core.disconnected(found, this.#time.now());
    const next = this.#comeback.after(loss);
    if ("stop" in next) {
      this.stop(new Failure("stopped", next.stop));
      return;
    }
    const backAt = this.#time.now() + next.backInMs;
    this.#stands({ kind: "away", backAt, why: loss.why });
    this.#setTimer(backAt, () => void this.#visit(next.newToken));
  }

  async #renew(): Promise<void> {
    const socket = this.#socket;
    try {
      const token = await this.#options.tokens.forRenewal();
      if (socket !== undefined && socket === this.#socket) this.#core.renew(token);
    } catch (fault) {
      if (socket !== this.#socket) return;
      if (fault instanceof Failure && !fault.temporary) this.stop(fault);
      else this.#core.notRenewed(RENEW_AGAIN_MS, this.#time.now());
    }
    this.pump();
  }

  #setTimer(at: number, due: () => void = () => this.#tick()): void {
    this.#cancelTimer();
    if (at === Infinity) return;
    this.#cancelTimer = this.#time.after(Math.max(0, at - this.#time.now()), due);
  }

  #tick(): void {
    this.#core.tick(this.#time.now());
    this.pump();
  }

  #stands(standing: Standing): void {
    this.#standing = standing;
    this.standings.tell(standing);
  }

  // --- what follows --------------------------------------------------------------------------------------------------

  #outcome<T>(call: Call): Promise<T> {
    return new Promise((ok, failed) => this.#waiting.set(call, { ok, failed }));
  }

  #tell(): void {
    let effects: Effect[];
    while ((effects = this.#core.effects()).length > 0) for (const effect of effects) this.#apply(effect);
  }

  #apply(effect: Effect): void {
    if (isTalk(effect)) this.#spokenAt = this.#time.now();
    switch (effect.kind) {
      case "settled":
        this.#settle(effect.call);
        break;
      case "told":
        this.#told(effect.push);
        break;
      case "renew":
        void this.#renew();
        break;
      case "hangup":
        this.#hangUp(effect.loss);
        break;
      default:
        if (effect.kind === "opened") this.opened.tell(effect.opened);
        this.#rooms.get(effect.room)?.news.tell(effect);
        if (effect.kind === "ended") this.#rooms.delete(effect.room);
    }
  }

  #settle(call: Call): void {
    const waiting = this.#waiting.get(call);
    const outcome = call.outcome;
    if (!waiting || !outcome) return;
    this.#waiting.delete(call);
    if ("ok" in outcome) waiting.ok(outcome.ok as never);
    else waiting.failed(outcome.failure);
  }

  #told(push: wire.News): void {
    if (push.type === "welcome") {
      this.#comeback.welcomed();
      this.#stands({ kind: "online" });
    }
    this.news.tell(push);
  }
}

/** Between two tellings of what came: whoever draws them has time for what one types. */
const CALM_MS = 100;
/** A handshake that takes longer comes to nothing. */
const HANDSHAKE_PATIENCE_MS = 15_000;
const RENEW_AGAIN_MS = 5_000;
