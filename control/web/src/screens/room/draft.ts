/**
 * What is being written: a new message, an answer to one, and the files that go with it; and beside that, one in other words.
 *
 * A draft lives as long as its room is open here, and keeps that open while a file is on its way: whoever looks elsewhere
 * meanwhile finds it attached. What is there already outlives the page.
 */

import { computed, signal } from "@preact/signals";
import { newId } from "../../chat/ids.ts";
import type { Members } from "../../room/people.ts";
import { saying, type Saying } from "../../room/saying.ts";
import type { Left, Unsaid } from "../../room/unsaid.ts";
import { LIMITS } from "../../wire/limits.ts";
import type { Attachment, Message } from "../../wire/socket.ts";

/** A file on its way, or there, or refused. */
export interface Enclosed {
  readonly key: string;
  readonly name: string;
  /** How much of it is sent: 0 to 1. */
  readonly part: number;
  readonly sent?: Attachment;
  readonly fault?: unknown;
  /** What is to be sent; undefined for what was there before this page was. */
  readonly file?: File;
}

/** Sends a file; rejects with why it was refused. */
export type Sending = (
  file: File,
  how: { readonly onProgress: (part: number) => void; readonly signal: AbortSignal },
) => Promise<Attachment>;

/** So many names are offered at once. */
const OFFERED = 6;

/** Those of a room and of its threads: one for each place. */
export class Drafts {
  readonly #all = signal<ReadonlyMap<number | undefined, Draft>>(new Map());
  readonly #unsaid: Unsaid;
  readonly #room: string;
  readonly #send: Sending;
  /** Whether a file is on its way. */
  readonly isUploading = computed(() => [...this.#all.value.values()].some((each) => each.isUploading.value));

  constructor(unsaid: Unsaid, room: string, send: Sending) {
    this.#unsaid = unsaid;
    this.#room = room;
    this.#send = send;
  }

  /** The one of a thread, or of the room itself. */
  of(thread?: number): Draft {
    const found = this.#all.peek().get(thread);
    if (found !== undefined) return found;
    const draft = new Draft(this.#unsaid, this.#room, this.#send, thread);
    this.#all.value = new Map(this.#all.peek()).set(thread, draft);
    return draft;
  }

  /** Nobody will say anything here any more. */
  close(): void {
    for (const draft of this.#all.peek().values()) draft.close();
  }
}

export class Draft {
  readonly answers = signal<Saying | undefined>(undefined);
  readonly edits = signal<Saying | undefined>(undefined);
  readonly files = signal<readonly Enclosed[]>([]);
  /** Counts the times that somebody wants to write. */
  readonly wanted = signal(0);
  readonly #written = signal("");
  readonly #reworded = signal("");
  /** What the composer shows: a new message, or other words for one. */
  readonly text = computed(() =>
    this.edits.value === undefined ? this.#written.value : this.#reworded.value,
  );
  readonly isUploading = computed(() => this.files.value.some(isOnItsWay));
  /** The message that all said here answers; undefined for the room itself. */
  readonly thread: number | undefined;
  readonly #unsaid: Unsaid;
  readonly #place: string;
  readonly #send: Sending;
  readonly #aborts = new Map<string, AbortController>();

  /** What was left there is found again. */
  constructor(unsaid: Unsaid, room: string, send: Sending, thread?: number) {
    this.#unsaid = unsaid;
    this.#send = send;
    this.#place = thread === undefined ? room : `${room}/${thread}`;
    this.thread = thread;
    const left = unsaid.draft(this.#place);
    this.#written.value = left.text;
    if (left.answers !== undefined) this.answers.value = saying(left.answers);
    if (left.edits !== undefined) {
      this.edits.value = saying(left.edits.message);
      this.#reworded.value = left.edits.text;
    }
    this.files.value = left.files.map((sent) => ({ key: newId(), name: sent.name, part: 1, sent }));
  }

  write(text: string): void {
    (this.edits.value === undefined ? this.#written : this.#reworded).value = text;
    this.#leave();
  }

  /** These go with the message, too; answers how many did not because a message has no more. */
  enclose(files: readonly File[]): number {
    const fit = files.slice(0, Math.max(0, LIMITS.attachments - this.files.value.length));
    const fresh = fit.map((file) => ({ key: newId(), name: file.name, part: 0, file }));
    this.files.value = [...this.files.value, ...fresh];
    for (const { key, file } of fresh) void this.#upload(key, file);
    return files.length - fit.length;
  }

  /** Try once more what was refused. */
  again({ key, file }: Enclosed): void {
    if (file === undefined) return;
    this.#change(key, { part: 0, fault: undefined });
    void this.#upload(key, file);
  }

  remove({ key }: Enclosed): void {
    this.#aborts.get(key)?.abort();
    this.files.value = this.files.value.filter((each) => each.key !== key);
    this.#leave();
  }

  answer(saying: Saying): void {
    this.edits.value = undefined;
    this.answers.value = saying;
    this.wanted.value += 1;
    this.#leave();
  }

  edit(saying: Saying): void {
    this.edits.value = saying;
    this.#reworded.value = saying.text;
    this.wanted.value += 1;
    this.#leave();
  }

  /** No other words; or no answer: what was written stays. */
  leave(): void {
    if (this.edits.value === undefined) this.answers.value = undefined;
    this.edits.value = undefined;
    this.#leave();
  }

  /** It was said. What else is being written stays, and so does a file that could not go with it. */
  clear(): void {
    if (this.edits.value === undefined) {
      this.answers.value = undefined;
      this.files.value = this.files.value.filter(({ sent }) => sent === undefined);
      this.#written.value = "";
    }
    this.edits.value = undefined;
    this.#leave();
  }

  close(): void {
    for (const abort of this.#aborts.values()) abort.abort();
  }

  async #upload(key: string, file: File): Promise<void> {
    const abort = new AbortController();
    const { signal } = abort;
    this.#aborts.set(key, abort);
    try {
      const sent = await this.#send(file, { onProgress: (part) => this.#change(key, { part }), signal });
      if (signal.aborted) return;
      this.#change(key, { sent });
      this.#leave();
    } catch (fault) {
      if (!signal.aborted) this.#change(key, { fault });
    } finally {
      this.#aborts.delete(key);
    }
  }

  /** A file came further. */
  #change(key: string, now: Partial<Enclosed>): void {
    this.files.value = this.files.value.map((each) => (each.key === key ? { ...each, ...now } : each));
  }

  #leave(): void {
    const files = this.files.value.flatMap(({ sent }) => (sent ? [sent] : []));
    const [answers, edits] = [this.answers.value, this.edits.value];
    const left: Left = {
      text: this.#written.value,
      files,
      ...(answers && { answers: asItIs(answers) }),
      ...(edits && { edits: { message: asItIs(edits), text: this.#reworded.value } }),
    };
    this.#unsaid.leave(this.#place, left);
  }
}

/** A message as it reads by now. */
function asItIs({ event, text }: Saying): Message {
  return { ...event, text };
}

function isOnItsWay({ sent, fault }: Enclosed): boolean {
  return sent === undefined && fault === undefined;
}

/** The members that a text calls by `@` and their name, the longest name first. */
export function mentionsIn(text: string, members: Members): string[] {
  if (!text.includes("@")) return [];
  const byLength = [...members.values()].sort((one, other) => other.nickname.length - one.nickname.length);
  const found: string[] = [];
  let rest = text;
  for (const { id, nickname } of byLength) {
    const call = `@${nickname}`;
    if (!rest.includes(call)) continue;
    found.push(id);
    rest = rest.split(call).join("\n");
  }
  return found;
}

/** What stands behind the last `@` before the cursor, when that may be the beginning of a name. */
export function calling(
  text: string,
  cursor: number,
): { readonly from: number; readonly name: string } | undefined {
  const before = text.slice(0, cursor);
  const from = before.lastIndexOf("@");
  const name = before.slice(from + 1);
  if (from < 0 || (from > 0 && !/\s/.test(before[from - 1]!)) || /\s|.{21}/u.test(name)) return undefined;
  return { from, name };
}

/** Who may be meant by a name that is begun: members, and all of them at once by whoever may call all. */
export function offered(
  name: string,
  members: Members,
  me: string,
  everybody: string,
): { readonly id: string; readonly nickname: string }[] {
  const others = called(name, members, OFFERED + 1).filter(({ id }) => id !== me);
  const all = mayCallAll(members, me) && everybody.startsWith(name) ? [{ id: "", nickname: everybody }] : [];
  return [...all, ...others].slice(0, OFFERED);
}

/** Those who keep order in a room may call all who are in it. */
export function mayCallAll(members: Members, me: string): boolean {
  return (members.get(me)?.role ?? "member") !== "member";
}

/** The members whose name begins so, and then those in whose name it is. */
export function called(
  name: string,
  members: Members,
  most: number,
): { readonly id: string; readonly nickname: string }[] {
  const wanted = name.normalize("NFC").toLowerCase();
  const all = [...members.values()].map((each) => ({
    each,
    at: each.nickname.toLowerCase().indexOf(wanted),
  }));
  return all
    .filter(({ at }) => at >= 0)
    .sort((one, other) => Math.min(one.at, 1) - Math.min(other.at, 1))
    .slice(0, most)
    .map(({ each }) => each);
}
