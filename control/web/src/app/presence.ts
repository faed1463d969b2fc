/**
 * Who is here, as far as I may know, in a form that what is shown can follow.
 *
 * Changes are told; how it stands with somebody of whom nothing was told yet is asked, by whoever shows them.
 */

import { effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { LIMITS } from "../wire/limits.ts";
import { chat, standing } from "./session.ts";

export type State = "online" | "away" | "offline";

const known = signal<ReadonlyMap<string, State>>(new Map());

/** Whether somebody is here now; null while that is not known. */
export function stateOf(user: string): State | null {
  return known.value.get(user) ?? null;
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
      ({ people }) => put(people.map((each) => [each.user, each.state])),
      () => undefined, // nothing is shown of people of whom nothing can be known now
    );
  }, [client, isOnline, key]);
}

function put(states: readonly (readonly [string, State])[]): void {
  known.value = new Map([...known.peek(), ...states]);
}

effect(() => {
  const stop = chat.value?.news.add((news) => {
    if (news.type === "presence") put([[news.user, news.state]]);
  });
  return () => {
    stop?.();
    known.value = new Map();
  };
});
