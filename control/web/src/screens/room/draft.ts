/** What is being written: a new message, an answer to one, or one in other words; and the files that go with it. */

import { signal } from "@preact/signals";
import type { Members } from "../../room/people.ts";
import type { Saying } from "../../room/saying.ts";
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

/** What was written and not sent, by room: to be found again by who comes back. */
const left = new Map<string, string>();

export class Draft {
  readonly text = signal("");
  readonly answers = signal<Saying | undefined>(undefined);
  readonly edits = signal<Saying | undefined>(undefined);
  readonly files = signal<readonly Enclosed[]>([]);
  /** Counts the times that somebody wants to write. */
  readonly wanted = signal(0);
  readonly #room: string;

  constructor(room: string) {
    this.#room = room;
    this.text.value = left.get(room) ?? "";
  }

  write(text: string): void {
    this.text.value = text;
    if (this.edits.value === undefined) left.set(this.#room, text);
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
    if (this.edits.value !== undefined) this.text.value = left.get(this.#room) ?? "";
    this.edits.value = undefined;
    this.answers.value = undefined;
  }

  /** It was sent. */
  clear(): void {
    const wasEdit = this.edits.value !== undefined;
    this.edits.value = undefined;
    this.answers.value = undefined;
    this.files.value = [];
    if (!wasEdit) left.delete(this.#room);
    this.text.value = left.get(this.#room) ?? "";
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
