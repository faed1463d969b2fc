/** What is being written: a new message, an answer to one, or one in other words; and the files that go with it. */

import { signal } from "@preact/signals";
import { newId } from "../../chat/ids.ts";
import type { Members } from "../../room/people.ts";
import type { Saying } from "../../room/saying.ts";
import type { Unsaid } from "../../room/unsaid.ts";
import type { Attachment } from "../../wire/socket.ts";

/** A file on its way, or there. */
export interface Enclosed {
  readonly key: string;
  readonly name: string;
  readonly part: number;
  readonly sent?: Attachment;
  readonly fault?: unknown;
  readonly abort: AbortController;
}

export class Draft {
  readonly text = signal("");
  readonly answers = signal<Saying | undefined>(undefined);
  readonly edits = signal<Saying | undefined>(undefined);
  readonly files = signal<readonly Enclosed[]>([]);
  /** Counts the times that somebody wants to write. */
  readonly wanted = signal(0);
  /** The message that all said here answers; undefined for the room itself. */
  readonly thread: number | undefined;
  readonly #unsaid: Unsaid;
  readonly #place: string;

  /** What was left there is found again. */
  constructor(unsaid: Unsaid, room: string, thread?: number) {
    this.#unsaid = unsaid;
    this.#place = thread === undefined ? room : `${room}/${thread}`;
    this.thread = thread;
    this.text.value = this.#left.text;
    this.files.value = this.#left.files.map((file) => ({
      key: newId(),
      name: file.name,
      part: 1,
      sent: file,
      abort: new AbortController(),
    }));
  }

  write(text: string): void {
    this.text.value = text;
    if (this.edits.value === undefined) this.#leave(text);
  }

  /** One more file goes with it. */
  enclose(file: Enclosed): void {
    this.files.value = [...this.files.value, file];
  }

  /** A file came further. */
  change(key: string, now: Partial<Enclosed>): void {
    this.files.value = this.files.value.map((each) => (each.key === key ? { ...each, ...now } : each));
    if (now.sent !== undefined) this.#leave(this.#left.text);
  }

  remove(file: Enclosed): void {
    file.abort.abort();
    this.files.value = this.files.value.filter(({ key }) => key !== file.key);
    this.#leave(this.#left.text);
  }

  answer(saying: Saying): void {
    this.edits.value = undefined;
    this.answers.value = saying;
    this.wanted.value += 1;
  }

  edit(saying: Saying): void {
    this.answers.value = undefined;
    this.edits.value = saying;
    this.text.value = saying.text;
    this.wanted.value += 1;
  }

  /** Neither an answer nor other words: what was written before is there again. */
  leave(): void {
    if (this.edits.value !== undefined) this.text.value = this.#left.text;
    this.edits.value = undefined;
    this.answers.value = undefined;
  }

  /** It was sent. */
  clear(): void {
    const wasEdit = this.edits.value !== undefined;
    this.edits.value = undefined;
    this.answers.value = undefined;
    this.files.value = [];
    this.#leave(wasEdit ? this.#left.text : "");
    this.text.value = this.#left.text;
  }

  get #left() {
    return this.#unsaid.draft(this.#place);
  }

  #leave(text: string): void {
    const files = this.files.value.flatMap(({ sent }) => (sent ? [sent] : []));
    this.#unsaid.leave(this.#place, { text, files });
  }
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
