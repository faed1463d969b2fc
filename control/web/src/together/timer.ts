/**
 * A room's timer: what its events make of it, by the same rules as every replica. Pure; times are the server's milliseconds.
 */

import type { Timer, TimerState } from "../wire/socket.ts";

export const NONE: TimerState = { seq: 0, phase: "none" };

/** The timer once `event` happened. What was taken in before changes nothing, nor does what makes no sense where it stands. */
export function after(timer: TimerState, event: Timer): TimerState {
  const { seq, at } = event;
  if (seq <= timer.seq) return timer;
  const before = { ...timer, phase: phaseAt(timer, at), seq };
  const by = event.by ?? null;
  switch (event.change) {
    case "started":
      return running(seq, event.duration_ms ?? 0, at + (event.duration_ms ?? 0), by);
    case "reset":
      return { seq, phase: "none", by };
    case "paused":
      if (before.phase !== "running") return before;
      return { ...before, phase: "paused", remaining_ms: (before.ends_at ?? at) - at, ends_at: null, by };
    case "resumed":
      if (before.phase !== "paused") return before;
      return running(seq, before.duration_ms ?? 0, at + (before.remaining_ms ?? 0), by);
    case "ended":
      return before.phase === "running" && before.run === event.run ? { ...before, phase: "ended" } : before;
  }
}

/** What is left of it at `now`, in milliseconds; of one that is over, or that there is not, nothing. */
export function remainingAt(timer: TimerState, now: number): number {
  if (timer.phase === "paused") return timer.remaining_ms ?? 0;
  return timer.phase === "running" ? Math.max(0, (timer.ends_at ?? now) - now) : 0;
}

/** A running one is over at its end, whether or not that was announced. */
export function phaseAt({ phase, ends_at }: TimerState, now: number): TimerState["phase"] {
  return phase === "running" && (ends_at ?? 0) <= now ? "ended" : phase;
}

/** When what is shown of it, in whole seconds, changes next; infinity while it stands still. */
export function nextSecond(timer: TimerState, now: number): number {
  const remaining = remainingAt(timer, now);
  if (phaseAt(timer, now) !== "running") return Infinity;
  return now + (remaining % 1000 || 1000);
}

/** 24:59, or 1:24:59; a second that has begun counts. */
export function clock(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, place) => (place === 0 ? `${part}` : String(part).padStart(2, "0"))).join(":");
}

function running(seq: number, duration_ms: number, ends_at: number, by: string | null): TimerState {
  return { seq, phase: "running", duration_ms, run: seq, ends_at, remaining_ms: null, by };
}
