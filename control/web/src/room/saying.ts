/**
 * A message as it is by now: told by its event, by a page's state, and by every change since, in whatever order. Pure; a
 * message that changed is another object, so that whoever shows it sees by that whether to draw it anew.
 */

import type { Attachment, Event, Message, State } from "../wire/socket.ts";

/** Of each thing that changes, the event with the higher seq counts; nothing counts once it is deleted. */
export interface Saying {
  readonly event: Message;
  readonly text: string;
  readonly mentions: readonly string[];
  readonly attachments: readonly Attachment[];
  readonly deleted: boolean;
  readonly replies: number;
  /** The seq of the last reply that is counted. */
  readonly replied: number;
  /** The seq up to which all that happened to it is in this already. */
  readonly known: number;
  /** The seq of the edit whose text this is; 0 for none. */
  readonly edited: number;
  /** The seq of the last word on its pin, negative when that was an unpin. */
  readonly pin: number;
  /** The same for each person's emoji, by `markOf`. */
  readonly marks: ReadonlyMap<string, number>;
  /** How many more reacted with an emoji than were told by name. */
  readonly unnamed: ReadonlyMap<string, number>;
}

export interface Reaction {
  readonly emoji: string;
  readonly count: number;
  readonly mine: boolean;
  /** Those of them who are known. */
  readonly users: readonly string[];
}

const NONE: ReadonlyMap<string, number> = new Map();

/** A message as it was said; nothing but replies happened to it up to the event `known`. */
export function saying(event: Message, known: number = event.seq): Saying {
  return {
    event,
    text: event.text,
    mentions: event.mentions ?? [],
    attachments: event.attachments ?? [],
    deleted: false,
    replies: 0,
    replied: 0,
    known,
    edited: 0,
    pin: 0,
    marks: NONE,
    unnamed: NONE,
  };
}

/** What a page says it has become, for the reader `me`. */
export function become(before: Saying, state: State, me: string): Saying {
  const { replies = 0, replied = 0 } = state;
  if (state.deleted) return { ...deleted(before), replies, replied };
  const { edited, pinned } = state;
  const newer = edited && edited.seq > before.edited;
  const marks = new Map(before.marks);
  const unnamed = new Map<string, number>();
  for (const [place, told] of (state.reactions ?? []).entries()) {
    const named = new Set([...told.users, ...(told.mine ? [me] : [])]);
    for (const user of named) {
      const mark = markOf(told.emoji, user);
      if (!marks.has(mark)) marks.set(mark, place + 1);
    }
    unnamed.set(told.emoji, told.count - named.size);
  }
  return {
    ...before,
    replies,
    replied,
    marks,
    unnamed,
    ...(newer ? { text: edited.text, mentions: edited.mentions ?? [], edited: edited.seq } : {}),
    pin: pinned ? later(before.pin, pinned.seq) : before.pin,
  };
}

/** An event that is of this message, by `ofWhich`. */
export function changed(before: Saying, event: Event): Saying {
  if (event.type === "message") {
    if (event.seq <= before.replied) return before;
    return { ...before, replies: before.replies + 1, replied: event.seq };
  }
  if (event.seq <= before.known || before.deleted) return before;
  const now = { ...before, known: event.seq };
  switch (event.type) {
    case "message.deleted":
      return deleted(now);
    case "message.edited":
      if (event.seq <= before.edited) return before;
      return { ...now, text: event.text, mentions: event.mentions ?? [], edited: event.seq };
    case "pin":
      return { ...now, pin: later(before.pin, event.change === "pinned" ? event.seq : -event.seq) };
    case "reaction": {
      const mark = markOf(event.emoji, event.user);
      const word = event.change === "added" ? event.seq : -event.seq;
      return { ...now, marks: new Map(before.marks).set(mark, later(before.marks.get(mark) ?? 0, word)) };
    }
    default:
      return before;
  }
}

/** The seq of the message that an event changes; undefined for one that changes none. */
export function ofWhich(event: Event): number | undefined {
  switch (event.type) {
    case "message":
      return event.reply_to ?? undefined;
    case "message.edited":
    case "message.deleted":
    case "reaction":
    case "pin":
      return event.of;
    default:
      return undefined;
  }
}

/** Who reacted how, in the order in which the emoji came. */
export function reactionsOf({ marks, unnamed }: Saying, me: string): Reaction[] {
  const found = new Map<string, { count: number; mine: boolean; users: string[] }>();
  const inOrder = [...marks].filter(([, word]) => word > 0).sort(([, one], [, other]) => one - other);
  for (const [mark] of inOrder) {
    const [emoji, user] = mark.split("\n") as [string, string];
    const all = found.get(emoji) ?? { count: 0, mine: false, users: [] };
    all.count += 1;
    all.mine ||= user === me;
    all.users.push(user);
    found.set(emoji, all);
  }
  for (const [emoji, more] of unnamed) {
    if (more <= 0) continue;
    const all = found.get(emoji) ?? { count: 0, mine: false, users: [] };
    found.set(emoji, { ...all, count: all.count + more });
  }
  return [...found].map(([emoji, all]) => ({ emoji, ...all }));
}

function deleted(before: Saying): Saying {
  const gone = { text: "", mentions: [], attachments: [], edited: 0, pin: 0, marks: NONE, unnamed: NONE };
  return { ...before, ...gone, deleted: true };
}

function markOf(emoji: string, user: string): string {
  return `${emoji}\n${user}`;
}

/** The later of two words on something that comes and goes; a negative one took it away. */
function later(before: number, word: number): number {
  return Math.abs(word) > Math.abs(before) ? word : before;
}
