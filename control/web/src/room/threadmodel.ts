/** A thread as a screen shows it: the pages that are fetched of it and the room's news, as signals. */

import { computed, signal } from "@preact/signals";
import type { RoomNews } from "../chat/room.ts";
import type { RoomModel } from "./model.ts";
import { type Row, rowsOf } from "./rows.ts";
import type { Talk, Target } from "./talk.ts";
import { Thread } from "./thread.ts";

const PAGE = 50;

export class ThreadModel implements Talk {
  readonly of: number;
  readonly fault = signal<unknown>(undefined);
  readonly target = signal<Target | undefined>(undefined);
  readonly rows = computed<readonly Row[]>(() => this.#rows());
  readonly #room: RoomModel;
  readonly #thread: Thread;
  readonly #turn = signal(0);
  readonly #fetching = signal(false);
  readonly #stop: () => void;
  #isClosed = false;

  /** `room` is open for as long as this is. */
  constructor(room: RoomModel, of: number) {
    this.of = of;
    this.#room = room;
    this.#thread = new Thread(of, room.me);
    this.#stop = room.room.news.add((news) => this.#heard(news));
    void this.newest();
  }

  get holds(): boolean {
    void this.#turn.value;
    return this.#thread.holds;
  }

  get atStart(): boolean {
    void this.#turn.value;
    return this.#thread.atStart;
  }

  get atEnd(): boolean {
    return this.holds;
  }

  get isFetching(): boolean {
    return this.#fetching.value;
  }

  /** How many answered. */
  get replies(): number {
    void this.#turn.value;
    return this.#thread.root?.replies ?? 0;
  }

  close(): void {
    this.#isClosed = true;
    this.#stop();
  }

  newest(): Promise<void> {
    return this.#fetch("newest");
  }

  older(): Promise<void> {
    return !this.#thread.holds || this.#thread.atStart ? Promise.resolve() : this.#fetch("before");
  }

  /** What comes is heard: there is never more at that end. */
  newer(): Promise<void> {
    return Promise.resolve();
  }

  looksAt(seq: number): void {
    this.#thread.reader = seq;
  }

  /** Whoever reads a thread has not read the room. */
  seen(): void {}

  async #fetch(kind: "newest" | "before"): Promise<void> {
    if (this.#fetching.peek()) return;
    this.#fetching.value = true;
    try {
      const before = kind === "before" ? this.#thread.first : undefined;
      const where = { limit: PAGE, ...(before === undefined ? {} : { before }) };
      const page = await this.#room.room.thread(this.of, where);
      this.#thread.page(page, kind);
      this.fault.value = undefined;
    } catch (fault) {
      if (!this.#isClosed) this.fault.value = fault;
    } finally {
      this.#fetching.value = false;
    }
    this.#turn.value += 1;
  }

  #heard(news: RoomNews): void {
    if (news.kind === "event" && this.#thread.heard(news.event)) this.#turn.value += 1;
    if (news.kind === "reset") {
      this.#thread.reset();
      void this.newest();
    }
  }

  #rows(): readonly Row[] {
    void this.#turn.value;
    return rowsOf({
      entries: this.#thread.entries,
      posts: this.#room.posts.value.filter(({ extras }) => extras.replyTo === this.of),
      me: this.#room.me,
      readUpTo: undefined,
      isThread: true,
      dayOf: (at) => new Date(at).toDateString(),
    });
  }
}
