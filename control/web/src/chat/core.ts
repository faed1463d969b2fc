/**
 * A client's conversation with chatd as a state machine: what to say now, what became of what was said.
 *
 * Pure: no socket, no clock, no timer. Times are milliseconds of any steady clock, given with each input. The inputs are
 * `connected`, `received`, `disconnected`, `tick` and the application's wishes; what follows is read from `frames` (what to
 * write), `deadline` (when to tick) and `effects` (what to tell).
 *
 * What it promises, over any number of connections:
 * - a command is asked again, a message with the same `client_id`, until it is answered or abandoned;
 * - what is said in a room goes out in the order of its making, one at a time, and only while the room is open: nothing
 *   overtakes what was refused for the moment;
 * - a room is continued from its position, and tells its events in order, without a hole, each once; or a `reset` between.
 */

import { type ErrorCode, TEMPORARY } from "../wire/codes.ts";
import { LIMITS } from "../wire/limits.ts";
import { EVENTS } from "../wire/socket.ts";
import type * as wire from "../wire/socket.ts";
import { ServerClock } from "./clock.ts";
import { fullJitter, type Loss, type Random } from "./comeback.ts";
import { Failure, refused } from "./failure.ts";
import { Call, Lane, type Outcome } from "./lane.ts";
import { HEARTBEAT, Link } from "./link.ts";
import { Pace } from "./pace.ts";
import { RoomState } from "./roomstate.ts";

/** A server that is well answers, if only with an error, in ten seconds. */
export const REPLY_PATIENCE_MS = 30_000;
const TOKEN_EXPIRED = 4005;
const RENEWAL = "renewal";
/** Refusals that pass, but that whoever asked should hear of now: what they would say then may be something else. */
const NOT_AGAIN: ReadonlySet<string> = new Set(["muted", "slow_mode", "peer_away"]);
/** News of the moment that come with what is said, or for each person who is there. */
const BESIDE_TALK: ReadonlySet<string> = new Set(["read", "typing", "presence"]);

export type Presence = "online" | "away";

export type Effect =
  | { readonly kind: "settled"; readonly call: Call }
  | { readonly kind: "opened"; readonly room: RoomState; readonly opened: wire.RoomOpened }
  | { readonly kind: "event"; readonly room: RoomState; readonly event: wire.Event }
  | { readonly kind: "reset"; readonly room: RoomState; readonly reset: wire.Reset }
  | { readonly kind: "ended"; readonly room: RoomState; readonly why: Failure }
  /** News of the moment, the room's own among them. */
  | { readonly kind: "told"; readonly push: wire.News }
  /** The token's end is near: get a new one and say `renew`; when none can be had, `notRenewed`. */
  | { readonly kind: "renew" }
  /** This connection is of no more use. */
  | { readonly kind: "hangup"; readonly loss: Loss };

type Language = "en" | "ko";

export class Core {
  readonly clock = new ServerClock();
  /** Our own word, said again whenever we come back. */
  word: Presence = "online";
  language: Language;
  welcome: wire.Welcome | undefined;
  stopped: Failure | undefined;
  readonly #random: Random;
  readonly #pace = new Pace(LIMITS.commands_per_second * 0.9, LIMITS.command_burst * 0.8);
  readonly #asks = new Lane(8);
  readonly #rooms = new Map<string, RoomState>();
  /** By command id, oldest first. */
  readonly #unanswered = new Map<string, Call>();
  #pacedUntil = -Infinity;
  #numbers = 0;
  #link: Link | undefined;
  #effects: Effect[] = [];

  constructor(random: Random, language: Language) {
    this.#random = random;
    this.language = language;
  }

  // --- the application's wishes --------------------------------------------------------------------------------------

  /** Ask `command` until it is answered. Throws a `Failure` when it never can be. */
  submit(command: wire.Command, room?: RoomState): Call {
    const over = this.stopped ?? room?.ended;
    if (over) throw over;
    const call = new Call(++this.#numbers, command, room?.id);
    this.#laneOf(call).add(call);
    if (command.type === "message.send") room?.typed();
    return call;
  }

  /** Nobody waits for this answer. What was not written is not written; what was, may have been carried out. */
  abandon(call: Call): void {
    call.abandoned = true;
  }

  /** Hear a room from now on, or from `resume` on. Throws a `Failure` (`too_many_rooms`, `stopped`). */
  open(id: string, resume?: wire.Position): RoomState {
    if (this.stopped) throw this.stopped;
    if (this.#rooms.has(id)) throw new RangeError(`room ${id} is open already`);
    if (this.#rooms.size >= LIMITS.open_rooms) throw new Failure("too_many_rooms");
    const room = new RoomState(id, resume);
    this.#rooms.set(id, room);
    return room;
  }

  /** Hear no more of a room. What waits in it ends with `room_closed`. */
  close(room: RoomState): void {
    if (room.ended) return;
    if (room.phase !== "wanted") this.#link?.outbox.push({ type: "room.close", room: room.id });
    this.#end(room, new Failure("room_closed"));
  }

  /** We type in this room, or have stopped. Lost with the connection: it is of the moment. */
  types(room: RoomState, on: boolean, now: number): void {
    if (room.phase === "open" && this.#link?.welcomeAt !== undefined && room.types(on, now)) {
      this.#link.outbox.push({ type: "typing", room: room.id, on });
    }
  }

  /** Whether our person is at this device. */
  say(word: Presence): void {
    if (this.word === word) return;
    this.word = word;
    if (this.#link?.welcomeAt !== undefined) this.#link.outbox.push({ type: "presence.set", state: word });
  }

  /** A newer token of the same session, for the present connection: the next one begins with what is new then. */
  renew(token: string): void {
    this.#link?.outbox.push({ type: "auth.refresh", token, id: RENEWAL });
  }

  /** No newer token can be had at the moment: ask again in `afterMs`. */
  notRenewed(afterMs: number, now: number): void {
    if (!this.#link) return;
    this.#link.renewing = false;
    this.#link.renewAt = now + afterMs;
  }

  /** The machine may have slept, or the network come back: find out whether the connection lives. */
  probe(now: number): void {
    this.#link?.probe(now);
  }

  /** Never again: every call and every room ends with `why`. */
  stop(why: Failure): void {
    this.stopped ??= why;
    for (const room of [...this.#rooms.values()]) this.#end(room, why);
    for (const call of [...this.#asks.drain(), ...this.#unanswered.values()])
      this.#settle(call, { failure: why });
    this.#unanswered.clear();
  }

  // --- the connection ------------------------------------------------------------------------------------------------

  /** A socket is open: greet, and take up every room that has a position. `token` is for where no cookie travels. */
  connected(now: number, token?: string): void {
    const resume: Record<string, wire.Position> = {};
    for (const room of this.#rooms.values()) {
      room.want();
      if (room.position === undefined) continue;
      resume[room.id] = room.position;
      room.phase = "opening";
      room.askedAt = now;
    }
    const who = token === undefined ? {} : { token };
    this.#link = new Link({ type: "hello", language: this.language, state: this.word, resume, ...who }, now);
  }

  /** The socket is gone; what is unanswered will be asked again. Answers the loss with what is known here of it. */
  disconnected(loss: Loss, now: number): Loss {
    const link = this.#link;
    this.#link = undefined;
    this.welcome = undefined;
    this.#asks.forget();
    for (const room of this.#rooms.values()) {
      room.forget();
      if (room.phase !== "ended") room.want();
    }
    const unanswered = [...this.#unanswered.values()];
    this.#unanswered.clear();
    for (const call of unanswered) if (isLaned(call)) this.#laneOf(call).add(call);
    if (link?.welcomeAt === undefined) return loss;
    const asked = link.leaveAt === Infinity ? 0 : Math.max(0, link.leaveAt - now);
    return { ...loss, livedMs: now - link.welcomeAt, afterMs: Math.max(loss.afterMs ?? 0, asked) };
  }

  /** One frame came. */
  received(frame: string, now: number): void {
    const link = this.#link;
    if (!link) return;
    link.heard(now);
    const said = parsed(frame);
    if (said === undefined) this.#hangUp({ why: "the server sent what is no JSON" });
    else if (said.type === "reply") this.#reply(said as wire.Reply, link, now);
    else if (EVENTS.has(said.type)) this.#event(said as wire.Event, now);
    else this.#news(said as wire.News, link, now);
  }

  /** Do what is due by now. */
  tick(now: number): void {
    const link = this.#link;
    if (!link) return;
    if (now >= link.silentAt) this.#hangUp({ why: "the server fell silent" });
    else if (now >= this.#answerDue()) this.#hangUp({ why: "the server left a command unanswered" });
    else if (now >= link.leaveAt) this.#hangUp({ why: "the server asked us to reconnect" });
    if (now >= link.pingAt) link.ping(now);
    if (now >= link.renewAt && !link.renewing) {
      link.renewing = true;
      this.#effects.push({ kind: "renew" });
    }
  }

  // --- what follows --------------------------------------------------------------------------------------------------

  /** What to tell since the last time this was read. */
  effects(): Effect[] {
    return this.#effects.splice(0);
  }

  /** Whether nothing is to be told but talk. */
  get isTalk(): boolean {
    return this.#effects.every(isTalk);
  }

  /** What to write now, in this order. */
  frames(now: number): string[] {
    const link = this.#link;
    if (!link) return [];
    const commands = link.outbox.splice(0);
    if (link.welcomeAt !== undefined) commands.push(...this.#due(now));
    return commands.map((command) => JSON.stringify(command));
  }

  /** When `tick` and `frames` have something to do by themselves. */
  deadline(): number {
    const link = this.#link;
    if (!link) return Infinity;
    if (link.outbox.length > 0) return -Infinity;
    if (link.welcomeAt === undefined) return link.silentAt;
    let readyAt = this.#asks.readyAt();
    for (const room of this.#rooms.values()) readyAt = Math.min(readyAt, room.readyAt());
    return Math.min(link.deadline, this.#answerDue(), Math.max(this.#pacedUntil, readyAt));
  }

  #answerDue(): number {
    const [oldest] = this.#unanswered.values();
    let since = oldest?.sentAt ?? Infinity;
    for (const room of this.#rooms.values())
      if (room.phase === "opening") since = Math.min(since, room.askedAt);
    return since + REPLY_PATIENCE_MS;
  }

  *#due(now: number): Generator<wire.Command> {
    yield* this.#leaving(this.#asks, now);
    for (const room of this.#rooms.values()) {
      if (room.phase === "wanted" && room.openAt <= now && this.#mayAsk(now)) {
        yield this.#asked(room.ask(now), now);
      } else if (room.phase === "open") {
        yield* this.#leaving(room.says, now);
        yield* this.#leaving(room.asks, now);
        if (room.mark.readyAt() <= now && this.#mayAsk(now)) {
          const mseq = room.mark.next(now);
          yield this.#asked(new Call(0, { type: "read.mark", room: room.id, mseq }, room.id), now);
        }
      }
    }
  }

  *#leaving(lane: Lane, now: number): Generator<wire.Command> {
    while (lane.readyAt() <= now && this.#mayAsk(now)) yield this.#asked(lane.next(), now);
  }

  #mayAsk(now: number): boolean {
    const wait = this.#pace.take(now);
    if (wait > 0) this.#pacedUntil = now + wait;
    return wait === 0;
  }

  #asked(call: Call, now: number): wire.Command {
    const id = String(++this.#numbers);
    call.sentAt = now;
    call.command = { ...call.command, id };
    this.#unanswered.set(id, call);
    return call.command;
  }

  // --- what the server said ------------------------------------------------------------------------------------------

  #event(event: wire.Event, now: number): void {
    const room = this.#rooms.get(event.room);
    if (!room) return;
    const verdict = room.take(event);
    if (verdict === "kept") {
      if (event.type === "message" && event.sender === this.welcome?.user) room.mark.known(event.mseq);
      this.#effects.push({ kind: "event", room, event });
    } else if (verdict === "hole" && room.phase === "open") {
      room.setBack(now, this.#random);
    }
  }

  #news(push: wire.News, link: Link, now: number): void {
    const room = "room" in push ? this.#rooms.get(push.room) : undefined;
    switch (push.type) {
      case "welcome":
        this.welcome = push;
        this.clock.told(push.now, link.askedAt, now);
        link.welcomed(push, now, this.#random);
        break;
      case "opened":
        if (room) this.#opened(room, push);
        break;
      case "closed":
        if (room) this.#notOpen(room, closed(push.code), now);
        break;
      case "reset":
        if (room) {
          room.reset(push);
          this.#effects.push({ kind: "reset", room, reset: push });
        }
        break;
      case "personal.read":
        room?.mark.known(push.mseq);
        break;
      case "reconnect":
        link.leaveAt = now + push.after_ms;
        break;
      case "personal.expiring":
        link.renewAt = now;
        break;
    }
    this.#effects.push({ kind: "told", push });
  }

  #reply(reply: wire.Reply, link: Link, now: number): void {
    const call = this.#unanswered.get(reply.id);
    if (!call) {
      this.#replyToLink(reply, link, now); // or of a room that was closed since
      return;
    }
    this.#unanswered.delete(reply.id);
    if (isLaned(call)) this.#laneOf(call).unanswered -= 1;
    if ("error" in reply) this.#refused(call, reply.error, link, now);
    else this.#granted(call, reply.ok);
  }

  #replyToLink(reply: wire.Reply, link: Link, now: number): void {
    if (reply.id === HEARTBEAT && "ok" in reply) {
      this.clock.told((reply.ok as wire.Pong).now, link.askedAt, now);
    } else if (reply.id === RENEWAL && "ok" in reply) {
      const server = this.clock.at(now) ?? now;
      link.tokenLives((reply.ok as wire.Refreshed).expires_at - server, now, this.#random);
    } else if (reply.id === RENEWAL && "error" in reply) {
      if (!reply.error.temporary) this.#hangUp({ why: reply.error.message, code: TOKEN_EXPIRED });
      else this.notRenewed(reply.error.retry_after_ms ?? fullJitter(4, this.#random), now);
    }
  }

  #granted(call: Call, ok: unknown): void {
    const room = this.#roomOf(call);
    if (room) room.setbacks = 0;
    if (room && call.command.type === "room.open") {
      this.#opened(room, ok as wire.RoomOpened, call);
      return;
    }
    if (call.command.type === "read.mark") room?.mark.answered((ok as wire.ReadUpTo).mseq);
    this.#settle(call, { ok });
  }

  #refused(call: Call, error: wire.Error, link: Link, now: number): void {
    const room = this.#roomOf(call);
    const failure = refused(error);
    const again = now + (error.retry_after_ms ?? 0) + fullJitter(call.refusals, this.#random);
    if (error.code === "token_expired") link.renewAt = now;
    if (room && call.command.type === "room.open") {
      this.#notOpen(room, failure, now);
    } else if (room && call.command.type === "read.mark") {
      room.mark.refused(passes(failure) ? again : Infinity);
    } else if (room && error.code === "room_not_open") {
      room.setBack(now, this.#random);
      this.#laneOf(call).add(call);
    } else if (passes(failure)) {
      const lane = this.#laneOf(call);
      lane.holdUntil = again;
      lane.add(call);
      call.refusals += 1;
    } else {
      this.#settle(call, { failure });
    }
  }

  #opened(room: RoomState, opened: wire.RoomOpened, call: Call = room.opening): void {
    room.opened(opened.position);
    this.#effects.push({ kind: "opened", room, opened });
    this.#settle(call, { ok: opened });
  }

  #notOpen(room: RoomState, failure: Failure, now: number): void {
    if (passes(failure)) room.setBack(now, this.#random, failure.retryAfterMs);
    else this.#end(room, failure);
  }

  #end(room: RoomState, why: Failure): void {
    room.ended = why;
    room.phase = "ended";
    this.#rooms.delete(room.id);
    const calls = [room.opening, ...room.says.drain(), ...room.asks.drain()];
    for (const [id, call] of this.#unanswered) {
      if (call.room !== room.id) continue;
      this.#unanswered.delete(id);
      calls.push(call);
    }
    for (const call of calls) this.#settle(call, { failure: why });
    this.#effects.push({ kind: "ended", room, why });
  }

  #settle(call: Call, outcome: Outcome): void {
    if (call.over) return;
    call.outcome = outcome;
    this.#effects.push({ kind: "settled", call });
  }

  #hangUp(loss: Loss): void {
    this.#effects.push({ kind: "hangup", loss });
  }

  #roomOf(call: Call): RoomState | undefined {
    return call.room === undefined ? undefined : this.#rooms.get(call.room);
  }

  #laneOf(call: Call): Lane {
    const room = this.#roomOf(call);
    if (!room) return this.#asks;
    return "client_id" in call.command ? room.says : room.asks;
  }
}

/** What comes in great numbers where many are together: what is said, who reads and types, who is here. */
export function isTalk(effect: Effect): boolean {
  return effect.kind === "event" || (effect.kind === "told" && BESIDE_TALK.has(effect.push.type));
}

/** Whether to ask again by ourselves: it is for the moment, or a newer token cures it. */
function passes(failure: Failure): boolean {
  return failure.code === "token_expired" || (failure.temporary && !NOT_AGAIN.has(failure.code));
}

/** The code of an error, said of a room: whether it passes is in the one table. */
function closed(code: string): Failure {
  return new Failure(code as ErrorCode, code, TEMPORARY.has(code));
}

/** Opening and marking have a place of their own in the room's state, and are asked anew by it. */
function isLaned(call: Call): boolean {
  return call.command.type !== "room.open" && call.command.type !== "read.mark";
}

function parsed(frame: string): { readonly type: string } | undefined {
  try {
    const said: unknown = JSON.parse(frame);
    return typeof said === "object" && said !== null && "type" in said
      ? (said as { type: string })
      : undefined;
  } catch {
    return undefined;
  }
}
