/** A core and a server, and what is on its way between them; a test decides what of it arrives. */

import type * as wire from "../../wire/socket.ts";
import { Core, type Effect } from "../core.ts";
import type { Call } from "../lane.ts";
import type { RoomState } from "../roomstate.ts";
import { Connection, Server } from "./server.ts";

/** What a reader of a room saw: where they began, and again after each reset; and every event. */
export type Seen = { readonly at: wire.Position } | { readonly event: wire.Event };

export class Conversation {
  readonly core: Core;
  readonly server = new Server();
  readonly seen = new Map<string, Seen[]>();
  readonly settled: Call[] = [];
  readonly effects: Effect[] = [];
  connection: Connection | undefined;
  now = 1_000;
  #toServer: string[] = [];

  constructor(random: () => number = () => 0.5) {
    this.core = new Core(random, "en");
  }

  open(id: string): RoomState {
    this.seen.set(id, []);
    return this.core.open(id);
  }

  send(room: RoomState, text: string): Call {
    const command = { type: "message.send", room: room.id, client_id: `id-${text}`, text } as const;
    return this.core.submit(command, room);
  }

  pass(ms: number): void {
    this.now += ms;
    this.server.now += ms;
  }

  connect(): void {
    if (this.connection) return;
    this.connection = new Connection(this.server);
    this.core.connected(this.now);
  }

  drop(): void {
    if (!this.connection) return;
    this.connection = undefined;
    this.server.connection = undefined;
    this.#toServer = [];
    this.core.disconnected({ why: "lost" }, this.now);
    this.#read();
  }

  /** Carry up to `most` frames to the server. */
  serve(most: number = Infinity): number {
    this.#toServer.push(...this.core.frames(this.now));
    const frames = this.#toServer.splice(0, most);
    for (const frame of frames) this.connection?.receive(frame);
    return frames.length;
  }

  /** Carry up to `most` frames to the client. */
  deliver(most: number = Infinity): number {
    const frames = this.connection?.outbox.splice(0, most) ?? [];
    for (const frame of frames) this.core.received(JSON.stringify(frame), this.now);
    this.#read();
    return frames.length;
  }

  /** Both ways, until nothing is on its way. */
  exchange(): void {
    while (this.serve() + this.deliver() > 0);
  }

  /** Go on, with every deadline met, until nothing is left to be done soon. */
  calm(): void {
    this.connect();
    for (let turn = 0; turn < 500; turn += 1) {
      this.exchange();
      const deadline = this.core.deadline();
      if (deadline > this.now + 12_000) return;
      this.pass(Math.max(1, deadline - this.now));
      this.core.tick(this.now);
      this.#read();
    }
    throw new Error("there is no calm");
  }

  #read(): void {
    for (const effect of this.core.effects()) {
      this.effects.push(effect);
      if (effect.kind === "settled") this.settled.push(effect.call);
      if (effect.kind === "hangup") this.drop();
      if (effect.kind === "event") this.#saw(effect.room, { event: effect.event });
      if (effect.kind === "reset") this.#saw(effect.room, { at: effect.reset.position });
      if (effect.kind === "opened" && this.seen.get(effect.room.id)?.length === 0) {
        this.#saw(effect.room, { at: effect.opened.position });
      }
    }
  }

  #saw(room: RoomState, seen: Seen): void {
    this.seen.get(room.id)?.push(seen);
  }
}
