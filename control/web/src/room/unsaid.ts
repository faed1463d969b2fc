/**
 * What somebody wrote here that nobody has heard yet, kept by this browser over reloads and crashes: messages, and other
 * words for them, until they are stored, by room and `client_id`, drafts, and what stands in forms.
 *
 * Each message is a key of its own, so that tabs do not write over each other. A message that is sent again under the
 * `client_id` it had is the same message: whoever finds one here may send it, even while another tab still does. Nothing of
 * this outlives a log-out. In a browser that keeps nothing it lasts as long as the page.
 */

import { Memory } from "../app/memory.ts";
import { Failure, type FailureCode } from "../chat/failure.ts";
import type { Attachment, Message } from "../wire/socket.ts";
import type { Post } from "./posts.ts";

const UNSENT = "madang.unsent";
const DRAFT = "madang.draft";
/** What could not be sent for so long is nobody's news any more. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** A composer's content: what is typed, the files that are there already, and what it answers; and other words for a message. */
export interface Left {
  readonly text: string;
  readonly files: readonly Attachment[];
  readonly answers?: Message;
  readonly edits?: { readonly message: Message; readonly text: string };
}

export const NOTHING: Left = { text: "", files: [] };

/** As it lies in the store: a failure is its code and words. */
type Kept = Pick<Post, "clientId" | "text" | "extras" | "of" | "at"> & {
  readonly failure?: { readonly code: FailureCode; readonly message: string };
};

/** Where one person's words are kept. */
export class Unsaid {
  readonly #user: string;
  readonly #store: Storage;

  constructor(user: string, store: Storage = browserStore()) {
    this.#user = user;
    this.#store = store;
  }

  // --- messages -------------------------------------------------------------------------------------------------------

  keep(room: string, { clientId, text, extras, of, at, failure }: Post): void {
    const why = failure && { failure: { code: failure.code, message: failure.message } };
    const kept: Kept = { clientId, text, extras, at, ...(of === undefined ? {} : { of }), ...why };
    this.#write(this.#keyOf(room, clientId), kept);
  }

  /** It will not be sent by itself any more: unless it was forgotten meanwhile. */
  fail(room: string, post: Post): void {
    if (this.#read(this.#keyOf(room, post.clientId)) !== undefined) this.keep(room, post);
  }

  /** It is stored, or nobody wants it any more. */
  forget(room: string, clientId: string): void {
    this.#remove(this.#keyOf(room, clientId));
  }

  /** Those of a room, in the order in which they were written. What is too old goes. */
  posts(room: string, now: number): Post[] {
    const found = this.#keys(`${UNSENT} ${this.#user} ${room} `).flatMap((key): Post[] => {
      const kept = this.#read(key) as Kept | undefined;
      if (kept === undefined || !(kept.at > now - KEPT_MS)) {
        this.#remove(key);
        return [];
      }
      const { failure, ...post } = kept;
      if (failure === undefined) return [{ ...post, state: "sending" }];
      return [{ ...post, state: "failed", failure: new Failure(failure.code, failure.message) }];
    });
    return found.sort((one, other) => one.at - other.at);
  }

  /** The rooms in which something waits to be sent. */
  rooms(now: number): string[] {
    const keys = this.#keys(`${UNSENT} ${this.#user} `);
    const rooms = new Set(keys.map((key) => key.split(" ")[2] ?? ""));
    return [...rooms].filter((room) => this.posts(room, now).some(({ state }) => state === "sending"));
  }

  /** The message that a key of the store was of, when it is one of this room. */
  clientIdOf(room: string, key: string | null): string | undefined {
    const start = this.#keyOf(room, "");
    return key?.startsWith(start) ? key.slice(start.length) : undefined;
  }

  #keyOf(room: string, clientId: string): string {
    return `${UNSENT} ${this.#user} ${room} ${clientId}`;
  }

  // --- drafts ---------------------------------------------------------------------------------------------------------

  /** What was left in the composer of a `place`: a room, or a thread of one. */
  draft(place: string): Left {
    return (this.#read(`${DRAFT} ${this.#user} ${place}`) as Left | undefined) ?? NOTHING;
  }

  leave(place: string, left: Left): void {
    const key = `${DRAFT} ${this.#user} ${place}`;
    const { text, files, answers, edits } = left;
    const isNothing = text === "" && files.length === 0 && answers === undefined && edits === undefined;
    if (isNothing) this.#remove(key);
    else this.#write(key, left);
  }

  /** What was changed in the form of a `place`; empty when nothing was. */
  form(place: string): object {
    return this.#read(`${DRAFT} ${this.#user} form ${place}`) ?? {};
  }

  leaveForm(place: string, changes: object): void {
    const key = `${DRAFT} ${this.#user} form ${place}`;
    if (Object.keys(changes).length === 0) this.#remove(key);
    else this.#write(key, changes);
  }

  // --- the store ------------------------------------------------------------------------------------------------------

  #keys(start: string): string[] {
    return keysOf(this.#store).filter((key) => key.startsWith(start));
  }

  /** Undefined for what is not there, or not as it was written. */
  #read(key: string): object | undefined {
    try {
      const found: unknown = JSON.parse(this.#store.getItem(key) ?? "null");
      return typeof found === "object" && found !== null ? found : undefined;
    } catch {
      return undefined;
    }
  }

  #write(key: string, value: object): void {
    try {
      this.#store.setItem(key, JSON.stringify(value));
    } catch {
      return; // no more room: it is sent all the same, as long as this page is open
    }
  }

  #remove(key: string): void {
    this.#store.removeItem(key);
  }
}

/** Nobody is here any more: whoever uses this browser next finds nothing, of anybody. */
export function forgetAll(store: Storage = browserStore()): void {
  for (const key of keysOf(store)) {
    if (key.startsWith(`${UNSENT} `) || key.startsWith(`${DRAFT} `)) store.removeItem(key);
  }
}

function keysOf(store: Storage): string[] {
  return Array.from({ length: store.length }, (_, i) => store.key(i) ?? "");
}

let memory: Storage | undefined;

function browserStore(): Storage {
  try {
    return localStorage;
  } catch {
    memory ??= new Memory();
    return memory;
  }
}
