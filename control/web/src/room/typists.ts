/** Who types, as long as that was said a moment ago. Pure; times are milliseconds of any steady clock. */

import type { Typing } from "../wire/socket.ts";

/** Until when each of them types. */
export type Typists = ReadonlyMap<string, number>;

export const NOBODY: Typists = new Map();

export function told(typists: Typists, { user, on, expires_in_ms = 0 }: Typing, now: number): Typists {
  return on ? new Map(typists).set(user, now + expires_in_ms) : without(typists, user);
}

/** Whoever said something has stopped. */
export function without(typists: Typists, user: string): Typists {
  if (!typists.has(user)) return typists;
  const rest = new Map(typists);
  rest.delete(user);
  return rest;
}

/** Those who still type at `now`, and when that is to be looked at again. */
export function current(
  typists: Typists,
  now: number,
): { readonly typists: Typists; readonly until: number } {
  const rest = [...typists].filter(([, until]) => until > now);
  const until = Math.min(...rest.map(([, ends]) => ends));
  return { typists: rest.length === typists.size ? typists : new Map(rest), until };
}
