/** A room's timer as a screen shows it: by the server's clock, so that everybody reads the same. */

import { signal } from "@preact/signals";
import type { Client } from "../chat/client.ts";
import type { Room, RoomNews } from "../chat/room.ts";
import type { News, TimerState } from "../wire/socket.ts";
import { after, nextSecond, NONE, phaseAt, remainingAt } from "./timer.ts";

export class RoomTimer {
  readonly state = signal<TimerState>(NONE);
  readonly phase = signal<TimerState["phase"]>("none");
  /** What is left, as it was when it was last looked at: at the turn of each second. */
  readonly remainingMs = signal(0);
  readonly #client: Client;
  readonly #room: Room;
  readonly #stops: (() => void)[];
  #tick: ReturnType<typeof setTimeout> | undefined;

  constructor(client: Client, room: Room) {
    this.#client = client;
    this.#room = room;
    const look = () => this.#look();
    document.addEventListener("visibilitychange", look); // timers of a page that nobody sees are late
    this.#stops = [
      client.news.add((news) => this.#told(news)),
      room.news.add((news) => this.#heard(news)),
      () => document.removeEventListener("visibilitychange", look),
    ];
  }

  async start(durationMs: number): Promise<void> {
    await this.#room.startTimer(durationMs);
  }

  async do(what: "pause" | "resume" | "reset"): Promise<void> {
    await this.#room.doTimer(what);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    clearTimeout(this.#tick);
  }

  #heard(news: RoomNews): void {
    if (news.kind === "opened" && news.opened.timer) this.#know(news.opened.timer);
    if (news.kind === "reset") this.state.value = NONE; // `timer.now` follows
    if (news.kind === "event" && news.event.type === "timer")
      this.#know(after(this.state.peek(), news.event));
  }

  #told(news: News): void {
    if (news.type === "timer.now" && news.room === this.#room.id) this.#know(news.timer);
    if (news.type === "welcome") this.#look(); // the clock may be known better
  }

  /** What was told is the timer after its seq, or before what we know. */
  #know(state: TimerState): void {
    if (state.seq < this.state.peek().seq) return;
    this.state.value = state;
    this.#look();
  }

  #look(): void {
    clearTimeout(this.#tick);
    const now = this.#client.now();
    const state = this.state.peek();
    this.phase.value = phaseAt(state, now);
    this.remainingMs.value = remainingAt(state, now);
    const next = nextSecond(state, now);
    if (next !== Infinity) this.#tick = setTimeout(() => this.#look(), next - now);
  }
}
