/** A network and a time of a test's own, around the model of a server. */

import type { Socket, Time } from "../client.ts";
import { Connection, type Server } from "./server.ts";

/** Time that passes when it is told to; what is due happens in its order. */
export class FakeTime implements Time {
  #now = 1_000;
  #timers: { at: number; due: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(ms: number, due: () => void): () => void {
    const timer = { at: this.#now + ms, due };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  }

  /** How long until something is due; undefined when nothing is. */
  get next(): number | undefined {
    return this.#timers.length === 0 ? undefined : Math.min(...this.#timers.map(({ at }) => at)) - this.#now;
  }

  async pass(ms: number): Promise<void> {
    const until = this.#now + ms;
    for (;;) {
      await settled();
      const [timer] = this.#timers.filter(({ at }) => at <= until).sort((one, two) => one.at - two.at);
      if (!timer) break;
      this.#timers = this.#timers.filter((each) => each !== timer);
      this.#now = Math.max(this.#now, timer.at);
      timer.due();
    }
    this.#now = until;
  }
}

/** All promises that can go on have gone on. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

/** The sockets that were dialled; the newest speaks with the server until it is cut. */
export class FakeNet {
  readonly dialled: FakeSocket[] = [];
  /** Whether servers can be reached; `mute`: they are, and say nothing. */
  state: "up" | "down" | "mute" = "up";
  /** What servers close every new connection with. */
  refusal: number | undefined;
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  readonly dial = (): Socket => {
    const socket = new FakeSocket(this.#server);
    this.dialled.push(socket);
    queueMicrotask(() => {
      if (this.state === "down") socket.end(1006);
      if (this.state === "up") socket.open();
      if (this.refusal !== undefined) socket.end(this.refusal);
    });
    return socket;
  };

  get socket(): FakeSocket {
    return this.dialled.at(-1)!;
  }
}

export class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { readonly data: unknown }) => void) | null = null;
  onclose: ((end: { readonly code: number; readonly reason: string }) => void) | null = null;
  /** What the client closed it with. */
  closed: number | undefined;
  connection: Connection | undefined;
  readonly written: string[] = [];
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  open(): void {
    this.connection = new Connection(this.#server);
    this.onopen?.();
  }

  end(code: number, reason: string = ""): void {
    this.connection = undefined;
    this.#server.connection = undefined;
    this.onclose?.({ code, reason });
  }

  send(frame: string): void {
    this.written.push(frame);
    this.connection?.receive(frame);
    queueMicrotask(() => this.flush());
  }

  close(code?: number): void {
    this.closed = code ?? 1000;
  }

  /** What the server wrote arrives. */
  flush(): void {
    for (const frame of this.connection?.outbox.splice(0) ?? [])
      this.onmessage?.({ data: JSON.stringify(frame) });
  }
}
