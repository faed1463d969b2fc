/**
 * What somebody writes in a form, kept by this browser until it is sent or thrown away: over a reload, a crash, a walk elsewhere.
 *
 * Kept is what was changed, field by field: what the form begins with may be otherwise when it is come back to.
 */

import { computed, type ReadonlySignal, signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { Unsaid } from "../room/unsaid.ts";
import { differing } from "./differing.ts";
import { me } from "./session.ts";

export class Written<T extends object> {
  readonly value: ReadonlySignal<T>;
  /** Whether there is anything to throw away. */
  readonly isChanged = computed(() => Object.keys(this.#changes.value).length > 0);
  readonly #changes;
  readonly #begun: T;
  readonly #unsaid: Unsaid;
  readonly #place: string;

  /** `place` is the form's and the thing's that it is about; `begun` is what it shows to who wrote nothing yet. */
  constructor(unsaid: Unsaid, place: string, begun: T) {
    this.#unsaid = unsaid;
    this.#place = place;
    this.#begun = begun;
    this.#changes = signal(differing(begun, known(begun, unsaid.form(place))));
    this.value = computed(() => ({ ...begun, ...this.#changes.value }));
  }

  readonly put = (change: Partial<T>): void => {
    this.#changes.value = differing(this.#begun, { ...this.#changes.value, ...change });
    this.#unsaid.leaveForm(this.#place, this.#changes.value);
  };

  /** It was sent, or nobody wants it any more. */
  readonly clear = (): void => {
    this.#changes.value = {};
    this.#unsaid.leaveForm(this.#place, {});
  };
}

/** The form of one of us at that place. */
export function useWritten<T extends object>(place: string, begun: T): Written<T> {
  const user = me.value?.id ?? "";
  return useMemo(() => new Written(new Unsaid(user), place, begun), [user, place]);
}

/** What was kept of a form, but for fields that it does not have any more. */
function known<T extends object>(begun: T, kept: object): Partial<T> {
  return Object.fromEntries(Object.entries(kept).filter(([key]) => key in begun)) as Partial<T>;
}
