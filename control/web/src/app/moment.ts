/** Something that is true until a moment of the server's clock, whether anything else happens then or not. */

import { useEffect, useState } from "preact/hooks";
import { chat } from "./session.ts";

/** A timer further off than this is cut short, as browsers would do it to nothing. */
const LONGEST_MS = 2 ** 31 - 1;

/** Have `due` called once it is `at` by the clock `now`, at once if it is that already; what is given back ends that. */
export function atMoment(at: number, now: () => number, due: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    const left = at - now();
    if (left <= 0) due();
    else timer = setTimeout(look, Math.min(left, LONGEST_MS));
  };
  look();
  return () => clearTimeout(timer);
}

/** `at` as long as it is yet to come, else null. */
export function useYetToCome(at: number | null): number | null {
  const [, setTurn] = useState(0);
  useEffect(
    () => (at === null ? undefined : atMoment(at, serverNow, () => setTurn((turn) => turn + 1))),
    [at],
  );
  return at !== null && at > serverNow() ? at : null;
}

/** Milliseconds since 1970 UTC, by the server's clock as soon as that is known. */
export function serverNow(): number {
  return chat.peek()?.now() ?? Date.now();
}
