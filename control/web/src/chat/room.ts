/** A room in the application's hands: say, change what was said, hear, look back. */

import type * as wire from "../wire/socket.ts";
import type { Client } from "./client.ts";
import type { Core, Effect } from "./core.ts";
import { newId } from "./ids.ts";
import type { Granted } from "./lane.ts";
import { Listeners } from "./listeners.ts";
import type { RoomState } from "./roomstate.ts";

/** What a room tells: that it is open, its events one by one, that what is held of it is void, that it is over. */
export type RoomNews = Extract<Effect, { kind: "opened" | "event" | "reset" | "ended" }>;

/** What a message may have beside its text. */
export interface Extras {
  readonly replyTo?: number;
  readonly mentions?: readonly string[];
  readonly mentionAll?: boolean;
  readonly kind?: "text" | "image" | "file" | "audio";
  readonly attachments?: readonly string[];
  /** That of an earlier try, to repeat that try: it is one message however often it is sent. */
  readonly clientId?: string;
}

/** A message on its way: known by its `clientId` until it comes back as an event. */
export interface Post {
  readonly clientId: string;
  readonly stored: Promise<wire.Sent>;
}

type Where = Partial<Pick<wire.HistoryPage, "before" | "after" | "around" | "limit" | "only">>;

export class Room {
  readonly id: string;
  readonly news = new Listeners<RoomNews>();
  /** Rejected with why it never was open, as `not_a_member`. */
  readonly opened: Promise<wire.RoomOpened>;
  readonly #client: Client;
  readonly #core: Core;
  readonly #state: RoomState;

  constructor(client: Client, core: Core, state: RoomState, opened: Promise<wire.RoomOpened>) {
    this.id = state.id;
    this.#client = client;
    this.#core = core;
    this.#state = state;
    this.opened = opened;
    opened.catch(() => undefined); // told by `ended`, too
  }

  /** The place of the last event told: to open it from there another time. */
  get position(): wire.Position | undefined {
    return this.#state.position;
  }

  // --- saying: each resolves once it is stored, after any number of reconnects; posts keep their order ----------------

  send(text: string, extras: Extras = {}): Post {
    const clientId = extras.clientId ?? newId();
    const command: wire.MessageSend = {
      type: "message.send",
      room: this.id,
      client_id: clientId,
      text,
      ...(extras.replyTo === undefined ? {} : { reply_to: extras.replyTo }),
      ...(extras.mentions?.length ? { mentions: extras.mentions } : {}),
      ...(extras.mentionAll ? { mention_all: true } : {}),
      ...(extras.kind === undefined ? {} : { kind: extras.kind }),
      ...(extras.attachments?.length ? { attachments: extras.attachments } : {}),
    };
    return { clientId, stored: this.#ask(command) };
  }

  edit(of: number, text: string, extras: Pick<Extras, "mentions" | "clientId"> = {}): Promise<wire.Sent> {
    const { mentions = [], clientId } = extras;
    return this.#ask({ type: "message.edit", ...this.#change(of, clientId), text, mentions });
  }

  delete(of: number): Promise<wire.Sent> {
    return this.#ask({ type: "message.delete", ...this.#change(of) });
  }

  react(of: number, emoji: string, on: boolean = true): Promise<wire.Sent> {
    return this.#ask({ type: on ? "reaction.add" : "reaction.remove", ...this.#change(of), emoji });
  }

  pin(of: number, on: boolean = true): Promise<wire.Sent> {
    return this.#ask({ type: on ? "pin.add" : "pin.remove", ...this.#change(of) });
  }

  #change(of: number, clientId: string = newId()): { room: string; client_id: string; of: number } {
    return { room: this.id, client_id: clientId, of };
  }

  // --- the timer, and what is shown for a moment ----------------------------------------------------------------------

  startTimer(durationMs: number): Promise<wire.Sent> {
    return this.#ask({ type: "timer.start", room: this.id, client_id: newId(), duration_ms: durationMs });
  }

  doTimer(what: "pause" | "resume" | "reset"): Promise<wire.Sent> {
    return this.#ask({ type: `timer.${what}`, room: this.id, client_id: newId() });
  }

  emote(emoji: string): Promise<wire.Done> {
    return this.#ask({ type: "emote", room: this.id, emoji });
  }

  // --- reading --------------------------------------------------------------------------------------------------------

  /** We have read up to the message `mseq`. Said once a second at most, and again until it is known. */
  markRead(mseq: number): void {
    this.#state.mark.want(mseq);
    this.#client.pump();
  }

  /** We type, or have stopped. To be called at every key: most of it is not said. */
  typing(on: boolean): void {
    this.#core.types(this.#state, on, this.#client.steady);
    this.#client.pump();
  }

  // --- the past -------------------------------------------------------------------------------------------------------

  /** A page of events before, after or around a seq, in order of seq; the newest when none is given. */
  page(where: Where = {}): Promise<wire.Page> {
    return this.#ask({ type: "history.page", room: this.id, ...where });
  }

  /** A message and a page of the replies to it. */
  thread(of: number, where: Pick<Where, "before" | "after" | "limit"> = {}): Promise<wire.Page> {
    return this.#ask({ type: "history.thread", room: this.id, of, ...where });
  }

  /** The messages that are pinned, the last pin first; of those pinned before the seq of a pin. */
  pins(before?: number): Promise<wire.Page> {
    return this.#ask({ type: "history.pins", room: this.id, ...(before === undefined ? {} : { before }) });
  }

  /** Messages that have all words of `text`, the newest first. */
  search(text: string, before?: number): Promise<wire.Found> {
    const where = before === undefined ? {} : { before };
    return this.#ask({ type: "history.search", room: this.id, text, ...where });
  }

  /** What a message said before, for moderators. */
  edits(of: number, before?: number): Promise<wire.Page> {
    const where = before === undefined ? {} : { before };
    return this.#ask({ type: "history.edits", room: this.id, of, ...where });
  }

  /** Ask any other command in this room, in its turn. */
  ask<C extends wire.Command & { readonly room: string }>(command: C): Promise<Granted<C>> {
    return this.#ask(command);
  }

  /** Hear no more of it. What waits here for an answer is rejected with `room_closed`. */
  close(): void {
    this.#core.close(this.#state);
    this.#client.pump();
  }

  #ask<C extends wire.Command>(command: C): Promise<Granted<C>> {
    return this.#client.ask(command, this.#state);
  }
}
