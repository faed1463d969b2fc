/**
 * What I said and have not heard back yet: shown at once, sent when it can be, gone when it comes as an event. That a message
 * says something else now is one of them, too. Pure.
 */

import type { Failure } from "../chat/failure.ts";
import type { Extras } from "../chat/room.ts";
import type { Event, Sent } from "../wire/socket.ts";
import type { Saying } from "./saying.ts";

export interface Post {
  readonly clientId: string;
  readonly text: string;
  readonly extras: Extras;
  /** The message that is to say this instead; undefined for a new one. */
  readonly of?: number;
  readonly at: number;
  readonly state: "sending" | "stored" | "failed";
  /** Where it is stored. */
  readonly seq?: number;
  /** Why it was refused. */
  readonly failure?: Failure;
}

export type Posts = readonly Post[];

/** One more; or an earlier one once more, in its place at the end. Of other words for a message the last ones count. */
export function posted(posts: Posts, post: Post): Posts {
  return [...posts.filter((each) => !isReplaced(each, post)), post];
}

/** Whether nothing is left to be said of `post` once there is `next`. */
export function isReplaced(post: Post, next: Post): boolean {
  return post.clientId === next.clientId || (post.of !== undefined && post.of === next.of);
}

/** My other words for a message, as long as it does not say them by itself. */
export function rewordingOf(posts: Posts, { event, edited }: Saying): Post | undefined {
  return posts.find(({ of, seq }) => of === event.seq && (seq === undefined || seq > edited));
}

/** It is stored: it stays until it is heard, which may be a moment later. */
export function stored(posts: Posts, clientId: string, { seq }: Sent): Posts {
  return posts.map((post) => (post.clientId === clientId ? { ...post, state: "stored", seq } : post));
}

export function failed(posts: Posts, clientId: string, failure: Failure): Posts {
  return posts.map((post) => (post.clientId === clientId ? { ...post, state: "failed", failure } : post));
}

/** Nobody wants it any more. */
export function dropped(posts: Posts, clientId: string): Posts {
  return posts.filter((post) => post.clientId !== clientId);
}

/** These came as events, heard or on a page: what is mine of them is shown by them from now on. */
export function heard(posts: Posts, events: readonly Event[], me: string): Posts {
  if (posts.length === 0) return posts;
  const mine = new Set<string>();
  for (const event of events) if (event.type === "message" && event.sender === me) mine.add(event.client_id);
  return mine.size === 0 ? posts : posts.filter(({ clientId }) => !mine.has(clientId));
}

/** What is held reaches up to `hi`: what was stored before that is shown by it, or lies further back. */
export function placed(posts: Posts, hi: number): Posts {
  const shown = ({ state, seq }: Post) => state === "stored" && seq !== undefined && seq <= hi;
  return posts.some(shown) ? posts.filter((post) => !shown(post)) : posts;
}
