/** What is fetched once, when somebody first wants to know; after a failure, when somebody does a while later. */

import { signal, untracked } from "@preact/signals";

/** Read as a signal is. A plain `computed` would remember that it had failed, and not try again. */
export type Lazy<T> = { readonly value: T | undefined };

const CALM_MS = 2000; // a screen may ask as often as it is drawn

export function lazily<T>(fetch: () => Promise<T>): Lazy<T> {
  const fetched = signal<T | undefined>(undefined);
  let due = 0;

  async function begin(): Promise<void> {
    due = Infinity;
    try {
      fetched.value = await fetch();
    } catch {
      due = Date.now() + CALM_MS;
    }
  }

  return {
    get value() {
      if (Date.now() >= due) void untracked(begin);
      return fetched.value;
    },
  };
}
