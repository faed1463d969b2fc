/** Numbers that move many times a second, for what is slow to show them, as a browser's tab. */

import { effect, type ReadonlySignal, signal } from "@preact/signals";

/**
 * A count as it is told every `ms`: the least that it was since the last time. What is counted and taken back within a moment is
 * not told at all, and what grows is told that much later.
 */
export function calmly(count: ReadonlySignal<number>, ms: number): ReadonlySignal<number> {
  const told = signal(count.peek());
  let least = told.peek();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tell = () => {
    told.value = least;
    least = count.peek();
    timer = least === told.peek() ? undefined : setTimeout(tell, ms);
  };
  effect(() => {
    least = Math.min(least, count.value);
    if (count.value !== told.peek()) timer ??= setTimeout(tell, ms);
  });
  return told;
}
