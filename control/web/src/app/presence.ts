/** Who is here, as far as I may know, in a form that what is shown can follow. */

import { effect, signal } from "@preact/signals";
import { chat } from "./session.ts";

export type State = "online" | "away" | "offline";

const turn = signal(0);

/** Whether somebody is here now; null while that cannot be known. */
export function stateOf(user: string): State | null {
  void turn.value;
  const client = chat.value;
  if (client === undefined || client.standing.kind !== "online") return null;
  return client.people.get(user) ?? "offline";
}

effect(() => {
  const client = chat.value;
  if (client === undefined) return undefined;
  const stops = [
    client.news.add(({ type }) => {
      if (type === "presence" || type === "opened") turn.value += 1;
    }),
    client.standings.add(() => (turn.value += 1)),
  ];
  return () => stops.forEach((stop) => stop());
});
