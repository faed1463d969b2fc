/**
 * A chatd in a few lines, pure: rooms with dense logs, one message per `client_id`, resume and reset.
 *
 * It answers at once and keeps what it would write in `outbox`, so that a test decides what arrives, when, twice or never.
 */

import type * as wire from "../../wire/socket.ts";

export const ME = "00000000-0000-7000-8000-00000000000a";
export const SOMEONE = "00000000-0000-7000-8000-00000000000b";
const MOST_MISSED = 20;

type Event = wire.Message | wire.Reaction;

/** The part of a server that outlives its connections. */
export class Server {
  epoch = 1;
  readonly logs = new Map<string, Event[]>();
  readonly marks = new Map<string, number>();
  readonly shut = new Map<string, string>();
  /** Codes that refuse the next things said. */
  refusals: string[] = [];
  connection: Connection | undefined;
  now = 1_700_000_000_000;
  readonly #answers = new Map<string, wire.Sent>();

  log(room: string): Event[] {
    const log = this.logs.get(room) ?? [];
    this.logs.set(room, log);
    return log;
  }

  position(room: string): wire.Position {
    return { epoch: `e${this.epoch}`, seq: this.log(room).length };
  }

  mseq(room: string): number {
    return this.log(room).filter((event) => event.type === "message").length;
  }

  say(room: string, text: string, sender: string = SOMEONE, client_id: string = "c".repeat(8)): wire.Sent {
    const place = { room, seq: this.log(room).length + 1, at: this.now };
    const mseq = this.mseq(room) + 1;
    this.#happen({ type: "message", ...place, mseq, sender, client_id, text });
    return { seq: place.seq, mseq, at: place.at };
  }

  /** What is said and what is changed happens once for each `client_id`. */
  once(command: wire.MessageSend | wire.ReactionAdd): wire.Sent {
    const key = `${command.room} ${command.client_id}`;
    const answer = this.#answers.get(key) ?? this.#carryOut(command);
    this.#answers.set(key, answer);
    return answer;
  }

  #carryOut(command: wire.MessageSend | wire.ReactionAdd): wire.Sent {
    if (command.type === "message.send") return this.say(command.room, command.text, ME, command.client_id);
    const { room, of, emoji } = command;
    const seq = this.log(room).length + 1;
    this.#happen({ type: "reaction", room, seq, at: this.now, of, emoji, change: "added", user: ME });
    return { seq, mseq: this.mseq(room), at: this.now };
  }

  #happen(event: Event): void {
    this.log(event.room).push(event);
    if (this.connection?.rooms.has(event.room)) this.connection.outbox.push(event);
  }
}

type Frame = wire.Push | wire.Reply;

/** One connection: what the client wrote goes into `receive`, what the server writes waits in `outbox`. */
export class Connection {
  readonly outbox: Frame[] = [];
  readonly rooms = new Set<string>();
  readonly typed: boolean[] = [];
  readonly tokens: string[] = [];
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
    server.connection = this;
  }

  receive(frame: string): void {
    const command = JSON.parse(frame) as wire.Command;
    const code = this.#refusal(command);
    const id = command.id ?? "";
    if (code !== undefined) {
      const error = { code, message: code, temporary: code !== "forbidden" && code !== "not_a_member" };
      this.outbox.push({ type: "reply", id, error: { ...error, retry_after_ms: 50 } });
      return;
    }
    const ok = this.#granted(command);
    if (command.id && ok !== undefined) this.outbox.push({ type: "reply", id, ok });
    if (command.type === "room.open") this.#replay(command.room, command.resume ?? undefined);
  }

  #refusal(command: wire.Command): string | undefined {
    if (command.type === "room.open") return this.#server.shut.get(command.room);
    if (!("client_id" in command)) return undefined;
    return this.#server.refusals.shift() ?? (this.rooms.has(command.room) ? undefined : "room_not_open");
  }

  #granted(command: wire.Command): unknown {
    switch (command.type) {
      case "hello":
        return this.#hello(command);
      case "room.open":
        return this.#open(command.room, command.resume ?? undefined);
      case "room.close":
        this.rooms.delete(command.room);
        return {};
      case "message.send":
      case "reaction.add":
        return this.#server.once(command);
      case "read.mark": {
        const mseq = Math.max(command.mseq, this.#server.marks.get(command.room) ?? 0);
        this.#server.marks.set(command.room, mseq);
        return { mseq };
      }
      case "history.page":
        return { events: this.#server.log(command.room).slice(-50), more: false };
      case "auth.refresh":
        this.tokens.push(command.token);
        return { expires_at: this.#server.now + 900_000 };
      case "typing":
        this.typed.push(command.on);
        return {};
      case "ping":
        return { now: this.#server.now };
      default:
        return {};
    }
  }

  #hello(hello: wire.Hello): undefined {
    this.outbox.push({
      type: "welcome",
      connection: "c",
      user: ME,
      session: "s",
      expires_at: this.#server.now + 900_000,
      now: this.#server.now,
      heartbeat_ms: 20_000,
    });
    for (const [room, position] of Object.entries(hello.resume ?? {})) {
      const code = this.#server.shut.get(room);
      if (code !== undefined) {
        this.outbox.push({ type: "closed", room, code });
        continue;
      }
      this.outbox.push({ type: "opened", ...this.#open(room, position) });
      this.#replay(room, position);
    }
    return undefined;
  }

  #open(room: string, resume: wire.Position | undefined): wire.RoomOpened {
    this.rooms.add(room);
    const here = [{ user: ME, state: "online" as const }];
    return { room, position: resume ?? this.#server.position(room), participants: here, online: 1, away: 0 };
  }

  #replay(room: string, resume: wire.Position | undefined): void {
    if (!resume) return;
    const position = this.#server.position(room);
    const behind = position.seq - resume.seq;
    if (resume.epoch !== position.epoch || behind > MOST_MISSED || behind < 0) {
      const reason = resume.epoch === position.epoch ? "behind" : "epoch";
      this.outbox.push({ type: "reset", room, position, reason });
    } else {
      this.outbox.push(...this.#server.log(room).slice(resume.seq));
    }
  }
}
