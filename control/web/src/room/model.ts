/**
 * A room as a screen shows it: the chat client's news and what is fetched, as signals.
 *
 * Every decision is in the pure modules beside it; this one carries news to them, fetches what they lack, and tells of
 * changes once a frame, however many there were.
 */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { Client } from "../chat/client.ts";
import { Failure } from "../chat/failure.ts";
import { newId } from "../chat/ids.ts";
import type { Extras, Room, RoomNews } from "../chat/room.ts";
import { ask } from "../app/http.ts";
import type { Loaded } from "../app/load.ts";
import type { LastMessage, Room as RoomInfo } from "../wire/http.ts";
import type { Event, Message, News, RoomChange, RoomOpened } from "../wire/socket.ts";
import { hear } from "../yard/rooms.ts";
import { Pages } from "./pages.ts";
import { RoomPeople } from "./people.ts";
import {
  dropped,
  failed,
  heard,
  isReplaced,
  placed,
  type Post,
  posted,
  type Posts,
  rewordingOf,
  stored,
} from "./posts.ts";
import { Quotes } from "./quotes.ts";
import { type Row, rowsOf } from "./rows.ts";
import type { Saying } from "./saying.ts";
import type { Missing, Talk, Target } from "./talk.ts";
import type { Timeline } from "./timeline.ts";
import { current, NOBODY, told, type Typists, without } from "./typists.ts";
import { Unsaid } from "./unsaid.ts";

const PAGE = 50;
/** This side ended it: what was not said then is said another time. */
const ANOTHER_TIME: ReadonlySet<string> = new Set(["room_closed", "stopped"]);

export class RoomModel implements Talk {
  readonly id: string;
  readonly me: string;
  readonly people: RoomPeople;
  readonly info = signal<Loaded<RoomInfo>>({ kind: "loading" });
  /** Why it is over: it is closed to me, or to all. */
  readonly over = signal<Failure | undefined>(undefined);
  readonly posts = signal<Posts>([]);
  readonly typists = signal<Typists>(NOBODY);
  /** How many were here when it was opened, where they are too many to be told one by one; else 0. */
  readonly crowd = signal(0);
  readonly timeline: Timeline;
  readonly missing: ReadonlySignal<Missing>;
  readonly target: Signal<Target | undefined>;
  readonly rows = computed<readonly Row[]>(() => this.#rows());
  readonly unread = signal(0);
  /** Whether something of mine is on its way. */
  readonly isSending = computed(() => this.posts.value.some(({ state }) => state === "sending"));
  readonly unsaid: Unsaid;
  readonly #room: Room;
  readonly #pages: Pages;
  readonly #turn = signal(0);
  readonly #abort = new AbortController();
  readonly #stops: (() => void)[];
  /** The first page came, or did not. */
  #begin: () => void = () => undefined;
  readonly #begun = new Promise<void>((resolve) => (this.#begin = resolve));
  #readUpTo: number | undefined;
  #readTo = 0;
  readonly #quotes: Quotes;
  #frame: number | undefined;
  #forget: ReturnType<typeof setTimeout> | undefined;

  /** Throws a `Failure` when it cannot be opened at all. */
  constructor(client: Client, id: string, me: string) {
    this.id = id;
    this.me = me;
    this.people = new RoomPeople(id);
    this.unsaid = new Unsaid(me);
    this.#room = client.open(id);
    this.#pages = new Pages(
      me,
      (where) => this.#room.page({ limit: PAGE, ...where }),
      (events) => {
        this.#came(events);
        this.#settle();
      },
    );
    this.#quotes = new Quotes(me, (seq) => this.#room.thread(seq, { limit: 1 }));
    ({ timeline: this.timeline, missing: this.missing, target: this.target } = this.#pages);
    this.#stops = [
      this.#room.news.add((news) => this.#heard(news)),
      client.news.add((news) => this.#told(news)),
      this.#hearTabs(),
    ];
    for (const post of this.unsaid.posts(id, Date.now())) this.#takeUp(post);
    void this.#loadInfo();
  }

  /** Whether anything of the log is here. */
  get holds(): boolean {
    void this.#turn.value;
    return this.timeline.holds;
  }

  get atStart(): boolean {
    void this.#turn.value;
    return this.timeline.atStart;
  }

  get isFetching(): boolean {
    return this.#pages.isFetching;
  }

  /** Whether what is held reaches what was said last. */
  get atEnd(): boolean {
    void this.#turn.value;
    return this.timeline.atEnd;
  }

  /** What the room is, and who is in it. */
  async load(): Promise<void> {
    await Promise.all([this.#loadInfo(), this.people.load(this.#abort.signal)]);
  }

  async #loadInfo(): Promise<void> {
    const { signal } = this.#abort;
    try {
      const value = await ask("GET /api/v1/rooms/{room}", { path: { room: this.id } }, signal);
      this.info.value = { kind: "ready", value };
      void this.#come(value.membership?.last_read);
    } catch (fault) {
      if (!signal.aborted) this.info.value = { kind: "failed", fault };
    }
    this.#changed();
  }

  /** Nobody looks at it any more. */
  close(): void {
    this.#abort.abort();
    for (const stop of this.#stops) stop();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    clearTimeout(this.#forget);
    this.#room.close();
  }

  // --- saying --------------------------------------------------------------------------------------------------------

  /** Say something: it stands there at once. */
  post(text: string, extras: Extras = {}): void {
    this.#post({ clientId: extras.clientId ?? newId(), text, extras, at: Date.now(), state: "sending" });
    this.toEnd();
  }

  /** Try again what was refused. */
  again(post: Post): void {
    const { failure: _failure, ...rest } = post;
    this.#post({ ...rest, at: Date.now(), state: "sending" });
  }

  drop({ clientId }: Post): void {
    this.unsaid.forget(this.id, clientId);
    this.posts.value = dropped(this.posts.value, clientId);
  }

  #post(post: Post): void {
    for (const each of this.posts.value)
      if (isReplaced(each, post)) this.unsaid.forget(this.id, each.clientId);
    this.unsaid.keep(this.id, post);
    this.#send(post);
  }

  #send(post: Post): void {
    const { clientId, text, extras, of } = post;
    this.posts.value = posted(this.posts.value, post);
    const said = { ...extras, clientId };
    const isStored = of === undefined ? this.#room.send(text, said).stored : this.#room.edit(of, text, said);
    isStored.then(
      (sent) => {
        this.unsaid.forget(this.id, clientId);
        this.posts.value = stored(this.posts.value, clientId, sent);
        this.#settle();
      },
      (failure: Failure) => {
        if (!ANOTHER_TIME.has(failure.code)) this.unsaid.fail(this.id, { ...post, state: "failed", failure });
        this.posts.value = failed(this.posts.value, clientId, failure);
      },
    );
  }

  /** What I said came back, heard or on a page: it is stored, whether the answer has told so or not. */
  #came(events: readonly Event[]): void {
    const rest = heard(this.posts.value, events, this.me);
    for (const post of this.posts.value) if (!rest.includes(post)) this.unsaid.forget(this.id, post.clientId);
    this.posts.value = rest;
  }

  /** What was written before this page was loaded: it goes out under the name it had, or waits for a word of its author. */
  #takeUp(post: Post): void {
    if (post.state === "sending") this.#send(post);
    else this.posts.value = posted(this.posts.value, post);
  }

  /** What another tab has sent or thrown away is not waiting here either. */
  #hearTabs(): () => void {
    const hear = ({ key, newValue }: StorageEvent): void => {
      const clientId = newValue === null ? this.unsaid.clientIdOf(this.id, key) : undefined;
      if (clientId !== undefined) this.posts.value = dropped(this.posts.value, clientId);
    };
    addEventListener("storage", hear);
    return () => removeEventListener("storage", hear);
  }

  /** Put the message `of` in other words: they stand there at once. */
  edit(of: number, text: string, mentions: readonly string[]): void {
    this.#post({ clientId: newId(), text, extras: { mentions }, of, at: Date.now(), state: "sending" });
  }

  /** My other words for a message, as long as it does not say them by itself. */
  rewording(saying: Saying): Post | undefined {
    return rewordingOf(this.posts.value, saying);
  }

  delete(of: number): Promise<unknown> {
    return this.#room.delete(of);
  }

  react(of: number, emoji: string, on: boolean): Promise<unknown> {
    return this.#room.react(of, emoji, on);
  }

  pin(of: number, on: boolean): Promise<unknown> {
    return this.#room.pin(of, on);
  }

  typing(on: boolean): void {
    this.#room.typing(on);
  }

  get room(): Room {
    return this.#room;
  }

  /** The message `seq`, to be quoted; undefined until it is here, which is asked by that, or for ever. */
  quoted(seq: number): Saying | undefined {
    void this.#turn.value;
    const entry = this.timeline.entry(seq);
    return entry?.kind === "message" ? entry.saying : this.#quotes.of(seq);
  }

  // --- reading -------------------------------------------------------------------------------------------------------

  /** It is known how far I had read when I came, and how far the log goes. */
  async #come(readUpTo: number | undefined): Promise<void> {
    if (readUpTo === undefined || this.#readUpTo !== undefined) return;
    this.#readUpTo = readUpTo;
    await this.#begun;
    const last = this.#last?.event;
    const isRead = last === undefined || last.sender === this.me; // who spoke last has seen what stood before
    this.unread.value = isRead ? 0 : Math.max(0, last.mseq - readUpTo);
    this.#changed();
  }

  async goToUnread(): Promise<void> {
    if (this.#readUpTo !== undefined) await this.#pages.goToFirstAfter(this.#readUpTo);
    this.sawUnread();
  }

  sawUnread(): void {
    this.unread.value = 0;
  }

  looksAt(seq: number): void {
    this.timeline.reader = seq;
  }

  /** What is held was seen to its end by somebody who looks at it. */
  seen(): void {
    const last = this.#last;
    const isKnown = this.#readUpTo !== undefined || this.info.peek().kind === "failed";
    if (!isKnown) return; // or the server would say that I had read it before I came
    if (!this.timeline.atEnd || last === undefined || last.event.mseq <= this.#readTo) return;
    this.#readTo = last.event.mseq;
    this.#room.markRead(this.#readTo);
    this.people.read(this.me, this.#readTo);
    this.#tellRead();
  }

  /** The newest message that is held. */
  get #last(): Saying | undefined {
    const last = this.timeline.entries.findLast(({ kind }) => kind === "message");
    return last?.kind === "message" ? last.saying : undefined;
  }

  /** The list of my rooms knows that it is read, before the server says so. */
  #tellRead(): void {
    const last = this.#last;
    if (last === undefined || last.event.mseq > this.#readTo) return;
    hear(this.id, { ...lastOf(last.event), text: last.text, deleted: last.deleted }, true);
  }

  toEnd(): void {
    this.#pages.toEnd();
  }

  async older(): Promise<void> {
    if (!this.#isUntold) await this.#pages.older();
  }

  async newer(): Promise<void> {
    if (!this.#isUntold) await this.#pages.newer();
  }

  /** Whether more is held than was told: its reader may be farther from an end than they look. */
  get #isUntold(): boolean {
    return this.#frame !== undefined;
  }

  /** Look at the message `seq`, wherever it is. */
  async goTo(seq: number): Promise<void> {
    await this.#begun; // or the first page would take the place of the one that is looked for
    await this.#pages.goTo(seq);
  }

  // --- what is heard -------------------------------------------------------------------------------------------------

  #heard(news: RoomNews): void {
    switch (news.kind) {
      case "opened":
        this.#pages.opened(news.opened.position.seq);
        void this.people.opened(this.#abort.signal);
        this.crowd.value = crowdOf(news.opened);
        if (!this.timeline.holds) void this.#pages.newest().then(this.#begin);
        break;
      case "event":
        this.#event(news.event);
        break;
      case "reset":
        this.#pages.reset(news.reset.position.seq);
        this.#quotes.reset();
        this.#readUpTo = undefined;
        this.#readTo = this.unread.value = 0;
        void this.load();
        break;
      case "ended":
        if (news.why.code !== "room_closed") this.over.value = news.why;
        break;
    }
    this.#changed();
  }

  #event(event: Event): void {
    this.timeline.heard(event);
    this.#quotes.heard(event);
    this.people.heard(event);
    if (event.type === "message") {
      this.typists.value = without(this.typists.value, event.sender);
      this.#came([event]);
      hear(this.id, lastOf(event), event.sender === this.me);
    }
    const info = this.info.value;
    if (event.type === "room" && info.kind === "ready") {
      this.info.value = { kind: "ready", value: { ...info.value, ...changeOf(event) } };
    }
  }

  #told(news: News): void {
    this.people.told(news);
    if (news.type === "personal.read" && news.room === this.id) {
      this.people.read(this.me, news.mseq);
      if (news.mseq < this.#readTo) this.#tellRead(); // that was said before we had read on
    }
    if (news.type === "typing" && news.room === this.id && news.user !== this.me) {
      this.typists.value = told(this.typists.value, news, performance.now());
      this.#forgetTypists();
    }
  }

  #forgetTypists(): void {
    const { typists, until } = current(this.typists.value, performance.now());
    this.typists.value = typists;
    clearTimeout(this.#forget);
    if (until !== Infinity) {
      this.#forget = setTimeout(() => this.#forgetTypists(), until - performance.now());
    }
  }

  #settle(): void {
    if (this.timeline.holds) this.posts.value = placed(this.posts.value, this.timeline.run[1]);
    this.#changed();
  }

  /** Tell whoever looks, once a frame; a page that is not looked at has no frames, and is told the next time. */
  #changed(): void {
    this.#frame ??= requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#turn.value += 1;
    });
  }

  #rows(): readonly Row[] {
    void this.#turn.value;
    return rowsOf({
      entries: this.timeline.entries,
      posts: this.posts.value,
      me: this.me,
      readUpTo: this.#readUpTo,
      atStart: this.timeline.atStart,
      dayOf: (at) => new Date(at).toDateString(),
    });
  }
}

function crowdOf({ participants, online, away }: RoomOpened): number {
  const here = online + away;
  return here > participants.length ? here : 0;
}

/** A message as the list of my rooms shows it. */
function lastOf({ seq, mseq, at, sender, text, kind = "text" }: Message): LastMessage {
  return { seq, mseq, at, sender, text, kind };
}

/** The fields of a room that an event changes. */
function changeOf({
  type: _type,
  seq: _seq,
  at: _at,
  room: _room,
  by: _by,
  ...change
}: RoomChange): Partial<RoomInfo> {
  return change;
}
