/** Whether the window has room for several things side by side. */

import { type Signal, signal } from "@preact/signals";

/** Two: the list of my rooms, and a room. */
export const isWide = follow("56rem");
/** Three: a thread beside its room, too. */
export const isVeryWide = follow("78rem");

function follow(width: string): Signal<boolean> {
  const query = matchMedia(`(min-width: ${width})`);
  const matches = signal(query.matches);
  query.addEventListener("change", () => (matches.value = query.matches));
  return matches;
}
