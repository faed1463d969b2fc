/** How the people of a room are called and look: its members, and of others who spoke there what can still be known. */

import { signal } from "@preact/signals";
import { ask } from "../app/http.ts";
import type { RoomMember } from "../wire/http.ts";
import type { Event, Member, News, Profile } from "../wire/socket.ts";

export interface Person {
  readonly id: string;
  readonly nickname: string;
  readonly avatar: string | null;
}

export type Members = ReadonlyMap<string, RoomMember>;

/** More members than this are not listed whole: those who speak are looked up. */
const MOST = 1_000;
const PAGE = 100;
/** How many can be asked for at once. */
const AT_ONCE = 50;

export class RoomPeople {
  /** The members, who came first first; of a great room, only so many. How far they have read by now, `unreadBy` knows. */
  readonly members = signal<Members>(new Map());
  /** Why they are not known. */
  readonly fault = signal<unknown>(undefined);
  readonly #room: string;
  /** How far each has read, of people of whom that is told: beside the members, for it moves with every message. */
  readonly #reading = signal<ReadonlyMap<string, number>>(new Map());
  readonly #others = signal<ReadonlyMap<string, Person>>(new Map());
  readonly #asked = new Set<string>();
  #wanted: string[] = [];
  /** What was heard since the list was asked for, to be heard again. */
  #since: (() => void)[] | undefined;
  /** The newest message that is known of, by its mseq. */
  #spoken = 0;

  constructor(room: string) {
    this.#room = room;
  }

  /**
   * The room was opened: fetch the list; or once more, where it tells how far they have read, for that is not told again to
   * who was away.
   */
  async opened(until: AbortSignal): Promise<void> {
    if (this.members.peek().size === 0 || this.#tellsReading) await this.load(until);
  }

  /** Fetch the list. What is heard meanwhile is on top of it. */
  async load(until: AbortSignal): Promise<void> {
    const since: (() => void)[] = [];
    this.#since = since;
    try {
      const found = await this.#list(until);
      if (this.#since !== since) return; // it was asked for again
      this.members.value = found;
      this.#reading.value = readingOf(found, this.#reading.peek());
      for (const { last_read } of found.values()) this.#spoken = Math.max(this.#spoken, last_read ?? 0);
      this.fault.value = undefined;
      for (const again of since) again();
    } catch (fault) {
      if (!until.aborted && this.#since === since) this.fault.value = fault;
    }
    if (this.#since === since) this.#since = undefined;
  }

  async #list(until: AbortSignal): Promise<Members> {
    const found = new Map<string, RoomMember>();
    let cursor: string | null = null;
    do {
      const query: { cursor: string | null; limit: number } = { cursor, limit: PAGE };
      const page: { members: readonly RoomMember[]; next: string | null } = await ask(
        "GET /api/v1/rooms/{room}/members",
        { path: { room: this.#room }, query },
        until,
      );
      for (const member of page.members) found.set(member.id, member);
      cursor = page.next;
    } while (cursor !== null && found.size < MOST);
    return found;
  }

  /** Somebody; undefined until it is known who, which is asked by that. */
  person(id: string): Person | undefined {
    const found = this.members.value.get(id) ?? this.#others.value.get(id);
    if (found === undefined) this.#want(id);
    return found;
  }

  /** An event tells who came, went or is called otherwise. */
  heard(event: Event): void {
    this.#hear(() => {
      if (event.type === "message") this.#read(event.sender, event.mseq);
      if (event.type === "member") this.#changed(event);
    });
  }

  /** News tell how somebody is called, and how far they have read. */
  told(news: News): void {
    if (news.type === "read" && news.room === this.#room) this.read(news.user, news.mseq);
    if (news.type === "profile") this.#hear(() => this.#renamed(news));
  }

  /** Somebody has read up to `mseq`: of oneself it is not told. */
  read(user: string, mseq: number): void {
    this.#hear(() => this.#read(user, mseq));
  }

  #hear(what: () => void): void {
    this.#since?.push(what);
    what();
  }

  #changed(event: Member): void {
    const members = new Map(this.members.value);
    const { user: id, name: nickname, change } = event;
    const before = members.get(id);
    if (change === "left" || change === "kicked" || change === "banned") {
      members.delete(id);
      if (before) this.#others.value = new Map(this.#others.value).set(id, before);
      this.#reads(id, undefined);
    } else if (before) {
      const muted_until =
        change === "muted" ? (event.until ?? null) : change === "unmuted" ? null : before.muted_until;
      members.set(id, { ...before, muted_until, role: event.role ?? before.role });
    } else if (change === "joined") {
      const fresh = { bot: false, avatar: null, role: "member", muted_until: null, last_read: null } as const;
      members.set(id, { ...fresh, id, nickname, joined_at: event.at });
      if (this.#tellsReading) this.#reads(id, this.#spoken); // what was said before is not theirs to read
    }
    this.members.value = members;
  }

  #renamed(news: Profile): void {
    const change = { nickname: news.nickname, avatar: news.avatar ?? null };
    const member = this.members.value.get(news.user);
    const other = this.#others.value.get(news.user);
    if (member) this.members.value = new Map(this.members.value).set(news.user, { ...member, ...change });
    if (other) this.#others.value = new Map(this.#others.value).set(news.user, { ...other, ...change });
  }

  #read(user: string, mseq: number): void {
    this.#spoken = Math.max(this.#spoken, mseq);
    if ((this.#reading.peek().get(user) ?? Infinity) < mseq) this.#reads(user, mseq);
  }

  /** Somebody has read so far; undefined for one of whom it is not told any more. */
  #reads(user: string, mseq: number | undefined): void {
    const now = new Map(this.#reading.peek());
    if (mseq === undefined) now.delete(user);
    else now.set(user, mseq);
    this.#reading.value = now;
  }

  /** Whether it is told how far they have read: in great rooms it is not. */
  get #tellsReading(): boolean {
    return this.#reading.peek().size > 0;
  }

  /** How many have not read the message `mseq`, of those of whom that is told, but for who said it; undefined if of none. */
  unreadBy(mseq: number, sender: string): number | undefined {
    const reading = this.#reading.value;
    let count = 0;
    for (const [id, read] of reading) if (read < mseq && id !== sender) count += 1;
    return reading.size === 0 ? undefined : count;
  }

  #want(id: string): void {
    if (id === "" || this.#asked.has(id)) return;
    this.#asked.add(id);
    this.#wanted.push(id);
    if (this.#wanted.length === 1) queueMicrotask(() => void this.#fetch());
  }

  async #fetch(): Promise<void> {
    const ids = this.#wanted.splice(0, AT_ONCE);
    if (this.#wanted.length > 0) queueMicrotask(() => void this.#fetch());
    try {
      const { people } = await ask("GET /api/v1/people", { query: { ids: ids.join(",") } });
      const others = new Map(this.#others.value);
      for (const person of people) others.set(person.id, person);
      this.#others.value = others;
    } catch {
      for (const id of ids) this.#asked.delete(id); // whoever shows them next asks again
    }
  }
}

/** How far they have read by a list, bots left out; what was heard of that may not be written down yet. */
function readingOf(found: Members, before: ReadonlyMap<string, number>): Map<string, number> {
  const reading = new Map<string, number>();
  for (const { id, bot, last_read: read } of found.values())
    if (read !== null && !bot) reading.set(id, Math.max(read, before.get(id) ?? 0));
  return reading;
}
