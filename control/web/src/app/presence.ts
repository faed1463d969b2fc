/**
 * Who is here, as far as I may know, in a form that what is shown can follow.
 *
 * Who is in a room is told when it is opened, and changes are told; how it stands with somebody of whom nothing was told yet is
 * asked, by whoever shows them.
 */

import { effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { LIMITS } from "../wire/limits.ts";
import { chat, standing } from "./session.ts";

export type State = "online" | "away" | "offline";

interface Known {
  readonly state: State;
  /** When they were here last, of one who is not and says so. */
  readonly last_seen?: number | null;
}

const known = signal<ReadonlyMap<string, Known>>(new Map());

/** Whether somebody is here now; null while that is not known. */
export function stateOf(user: string): State | null {
  return known.value.get(user)?.state ?? null;
}

/** Whether somebody is here, at their device or not. */
export function isHere(user: string): boolean {
  const state = stateOf(user);
  return state === "online" || state === "away";
}

/** When somebody was here last; null for who is here, and where that is not told. */
export function lastSeenOf(user: string): number | null {
  return known.value.get(user)?.last_seen ?? null;
}

/** Know of these people, as long as they are shown. */
export function usePresenceOf(users: readonly string[]): void {
  const key = users.join(" ");
  const client = chat.value;
  const isOnline = standing.value.kind === "online";
  useEffect(() => {
    if (client === undefined || !isOnline || key === "") return;
    const asked = key.split(" ").slice(0, LIMITS.people_asked);
    client.ask({ type: "presence.query", users: asked }).then(
      ({ people }) => put(people),
      () => undefined, // nothing is shown of people of whom nothing can be known now
    );
  }, [client, isOnline, key]);
}

function put(people: readonly (Known & { readonly user: string })[]): void {
  known.value = new Map([...known.peek(), ...people.map((each) => [each.user, each] as const)]);
}

effect(() => {
  const client = chat.value;
  const stops = [
    client?.opened.add(({ participants }) => put(participants)),
    client?.news.add((news) => {
      if (news.type === "welcome")
        known.value = new Map(); // who is here is told anew
      else if (news.type === "presence") put([news]);
    }),
  ];
  return () => {
    for (const stop of stops) stop?.();
    known.value = new Map();
  };
});
