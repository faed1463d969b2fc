/** The log as rows: days, what is new, who said what, and what of that belongs together. Pure. */

import type { Event } from "../wire/socket.ts";
import type { Post, Posts } from "./posts.ts";
import type { Saying } from "./saying.ts";
import type { Entry } from "./timeline.ts";

/** `key` is the same for the same thing for ever, and a post's is that of the message it becomes. */
export type Row =
  | { readonly kind: "day"; readonly key: string; readonly at: number }
  | { readonly kind: "new"; readonly key: string }
  | { readonly kind: "note"; readonly key: string; readonly event: Event }
  /** `head`: it begins what one person said in a row, and shows who and when. */
  | { readonly kind: "message"; readonly key: string; readonly saying: Saying; readonly head: boolean }
  | { readonly kind: "post"; readonly key: string; readonly post: Post; readonly head: boolean };

/** The key of the line above what I had not read. */
export const UNREAD = "new";

export interface View {
  readonly entries: readonly Entry[];
  /** What I said and have not heard back: it stands below all that is held. */
  readonly posts: Posts;
  readonly me: string;
  /** The mseq up to which I had read when I came; what is new begins above the first message after it, where that is held. */
  readonly readUpTo: number | undefined;
  /** Whether there is nothing older than the entries. */
  readonly atStart: boolean;
  /** All of it answers one message: an answer begins nothing new. */
  readonly isThread?: boolean;
  /** The day of a moment, the same text for the same day. */
  readonly dayOf: (at: number) => string;
}

/** What one person says in so long a time belongs together. */
const TOGETHER_MS = 5 * 60_000;

export function rowsOf({ entries, posts, me, readUpTo, atStart, isThread = false, dayOf }: View): Row[] {
  const rows: Row[] = [];
  let day: string | undefined;
  let before: { readonly who: string; readonly at: number } | undefined;
  let oldest: number | undefined;
  let isNewShown = false;
  const turn = (at: number): void => {
    const today = dayOf(at);
    if (today === day) return;
    day = today;
    before = undefined;
    rows.push({ kind: "day", key: `day-${today}`, at });
  };
  const begins = (who: string, at: number, isReply: boolean): boolean => {
    const head = before === undefined || before.who !== who || at - before.at > TOGETHER_MS || isReply;
    before = { who, at };
    return head;
  };
  for (const entry of entries) {
    turn(entry.at);
    if (entry.kind === "note") {
      before = undefined;
      rows.push({ kind: "note", key: `seq-${entry.seq}`, event: entry.event });
      continue;
    }
    const { event } = entry.saying;
    oldest ??= event.mseq;
    const isBegun = readUpTo !== undefined && event.mseq > readUpTo && (atStart || oldest <= readUpTo + 1);
    if (!isNewShown && isBegun && event.sender !== me) {
      isNewShown = true;
      before = undefined;
      rows.push({ kind: "new", key: UNREAD });
    }
    const head = begins(authorOf(event), event.at, !isThread && event.reply_to != null);
    rows.push({
      kind: "message",
      key: keyOf(event.sender, event.client_id, event.seq, me),
      saying: entry.saying,
      head,
    });
  }
  for (const post of posts) {
    if (post.of !== undefined) continue; // it is shown where that message stands
    turn(post.at);
    const head = begins(me, post.at, !isThread && post.extras.replyTo !== undefined);
    rows.push({ kind: "post", key: `mine-${post.clientId}`, post, head });
  }
  return rows;
}

function authorOf({
  sender,
  name,
  origin,
}: {
  sender: string;
  name?: string | null;
  origin?: string | null;
}): string {
  return origin ? `${sender} ${name ?? ""}` : sender;
}

function keyOf(sender: string, clientId: string, seq: number, me: string): string {
  return sender === me ? `mine-${clientId}` : `seq-${seq}`;
}
