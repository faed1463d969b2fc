/**
 * Whom I blocked, and what of theirs I want to see all the same.
 *
 * What they say in rooms that we share is folded wherever it would be read: it is there, for others answer it, and a press
 * shows it. The list is fetched with each connection, and moved by news of my own doing here or elsewhere.
 */

import { computed, effect, signal } from "@preact/signals";
import type { Client } from "../chat/client.ts";
import { ask } from "./http.ts";
import { chat, me } from "./session.ts";

const blocked = signal<ReadonlySet<string>>(new Set());
/** What was heard since the list was asked for last, to be heard again on top of it. */
let since: ((list: Set<string>) => void)[] = [];
/** Messages that were unfolded, by room and seq. */
const unfolded = signal<ReadonlySet<string>>(new Set());

/** Whether I blocked somebody. */
export function isBlocked(user: string | null | undefined): boolean {
  return user != null && blocked.value.has(user);
}

/** Whether what somebody said is not to be read before I press it. */
export function isFolded({ room, seq, sender }: Said): boolean {
  return blocked.value.has(sender) && !unfolded.value.has(`${room} ${seq}`);
}

export function unfold({ room, seq }: Said): void {
  unfolded.value = new Set(unfolded.value).add(`${room} ${seq}`);
}

interface Said {
  readonly room: string;
  readonly seq: number;
  readonly sender: string;
}

async function fetchAll(client: Client): Promise<void> {
  const found = new Set<string>();
  const heard: typeof since = [];
  since = heard;
  let cursor: string | null = null;
  try {
    do {
      const query: { cursor: string | null } = { cursor };
      const path = { kind: "blocked" } as const;
      const page: { people: readonly { id: string }[]; next: string | null } = await ask(
        "GET /api/v1/me/relations/{kind}",
        { path, query },
      );
      for (const { id } of page.people) found.add(id);
      cursor = page.next;
    } while (cursor !== null);
  } catch {
    return; // the next connection asks again; until then what was known is
  }
  if (chat.peek() !== client || since !== heard) return; // somebody else is here, or it was asked for again
  for (const again of heard) again(found);
  blocked.value = found;
}

function follow(client: Client): () => void {
  const stops = [
    client.standings.add(({ kind }) => {
      if (kind === "online") void fetchAll(client);
    }),
    client.news.add((news) => {
      if (news.type !== "personal.relation" || news.kind !== "blocked") return;
      const hear = (list: Set<string>) =>
        void (news.change === "added" ? list.add(news.user) : list.delete(news.user));
      since.push(hear);
      const now = new Set(blocked.peek());
      hear(now);
      blocked.value = now;
    }),
  ];
  if (client.standing.kind === "online") void fetchAll(client);
  return () => {
    for (const stop of stops) stop();
  };
}

const myId = computed(() => me.value?.id);

effect(() => {
  void myId.value;
  blocked.value = unfolded.value = new Set(); // somebody else's are not mine
});
effect(() => (chat.value === undefined ? undefined : follow(chat.value)));
