/** A thread as a screen shows it: the pages that are fetched of it and the room's news, as signals. */

import { computed, signal } from "@preact/signals";
import type { RoomNews } from "../chat/room.ts";
import type { RoomModel } from "./model.ts";
import { type Row, rowsOf } from "./rows.ts";
import type { Missing, Talk, Target } from "./talk.ts";
import { Thread } from "./thread.ts";

const PAGE = 50;

export class ThreadModel implements Talk {
  readonly of: number;
  readonly missing = signal<Missing>({});
  readonly target = signal<Target | undefined>(undefined);
  readonly rows = computed<readonly Row[]>(() => this.#rows());
  readonly #room: RoomModel;
  /** What was asked for before a reset is of no more use: there is another one then. */
  #thread: Thread;
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
    void this.#fetch("newest");
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

  /** Its end is always held. */
  toEnd(): void {}

  async older(): Promise<void> {
    const isMissing = this.missing.peek().older !== undefined;
    if (this.#thread.holds && !this.#thread.atStart && !isMissing) await this.#fetch("before");
  }

  /** What comes is heard: there is never more at that end. */
  newer(): Promise<void> {
    return Promise.resolve();
  }

  readonly unread = signal(0);

  goToUnread(): Promise<void> {
    return Promise.resolve();
  }

  sawUnread(): void {}

  looksAt(seq: number): void {
    this.#thread.reader = seq;
  }

  /** Whoever reads a thread has not read the room. */
  seen(): void {}

  async #fetch(kind: "newest" | "before"): Promise<void> {
    if (this.#fetching.peek()) return;
    const thread = this.#thread;
    this.#fetching.value = true;
    this.missing.value = {};
    try {
      const before = kind === "before" ? thread.first : undefined;
      const where = { limit: PAGE, ...(before === undefined ? {} : { before }) };
      const page = await this.#room.room.thread(this.of, where);
      thread.page(page, kind);
    } catch (why) {
      const missed = { why, again: () => void this.#fetch(kind) };
      if (!this.#isClosed && thread === this.#thread)
        this.missing.value = kind === "before" ? { older: missed } : { jump: missed };
    } finally {
      if (thread === this.#thread) this.#fetching.value = false;
    }
    this.#turn.value += 1;
  }

  #heard(news: RoomNews): void {
    if (news.kind === "opened") this.missing.value = {}; // it may be had now
    if (news.kind === "event" && this.#thread.heard(news.event)) this.#turn.value += 1;
    if (news.kind === "reset") {
      this.#thread = new Thread(this.of, this.#room.me);
      this.#fetching.value = false;
      void this.#fetch("newest");
    }
  }

  #rows(): readonly Row[] {
    void this.#turn.value;
    return rowsOf({
      entries: this.#thread.entries,
      posts: this.#room.posts.value.filter(({ extras }) => extras.replyTo === this.of),
      me: this.#room.me,
      readUpTo: undefined,
      atStart: this.#thread.atStart,
      isThread: true,
      dayOf: (at) => new Date(at).toDateString(),
    });
  }
}
