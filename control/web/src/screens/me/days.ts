/** Days, as the wire has them: 2026-03-05; and as people live them, where the reader is. Pure. */

import { isSameDay } from "../../words/times.ts";

export function dayBefore(date: string): string {
  return moved(date, -1);
}

export function dayAfter(date: string): string {
  return moved(date, 1);
}

function moved(date: string, by: number): string {
  const day = new Date(`${date}T00:00Z`);
  day.setUTCDate(day.getUTCDate() + by);
  return day.toISOString().slice(0, 10);
}

interface Begun {
  readonly entered_at: number;
}

/** Together what began on one day; what was in order stays in order. */
export function byDay<T extends Begun>(all: readonly T[]): readonly (readonly [T, ...T[]])[] {
  const days: [T, ...T[]][] = [];
  for (const each of all) {
    const last = days.at(-1);
    if (last !== undefined && isSameDay(last[0].entered_at, each.entered_at)) last.push(each);
    else days.push([each]);
  }
  return days;
}

/** How many whole minutes lie between two moments. */
export function minutesOf(from: number, to: number): number {
  return Math.floor(Math.max(0, to - from) / 60_000);
}
