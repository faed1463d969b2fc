/** Times and numbers as people read them, in their language and where they are. */

import { language } from "./language.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SPANS = [
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

type Wanted = Intl.DateTimeFormatOptions;
const formats = new Map<string, Intl.DateTimeFormat>();

function format(wanted: Wanted): Intl.DateTimeFormat {
  const key = `${language.value} ${JSON.stringify(wanted)}`;
  let found = formats.get(key);
  if (found === undefined) formats.set(key, (found = new Intl.DateTimeFormat(language.value, wanted)));
  return found;
}

/** 3:07 PM */
export function clockTime(at: number): string {
  return format({ hour: "numeric", minute: "2-digit" }).format(at);
}

/** Thursday, 5 March; with the year when it is another than this one. */
export function day(at: number, now: number = Date.now()): string {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format({
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(sameYear ? {} : { year: "numeric" }),
  }).format(at);
}

/** Day and time. */
export function dayAndTime(at: number): string {
  return format({ dateStyle: "medium", timeStyle: "short" }).format(at);
}

/** The time of a moment that is near, with its day when that is not today. */
export function nearTime(at: number, now: number = Date.now()): string {
  return isSameDay(at, now) ? clockTime(at) : dayAndTime(at);
}

/** The date alone: 5 March 2026. */
export function dateOf(at: number): string {
  return format({ dateStyle: "long" }).format(at);
}

/** Whether two moments are on the same day, where the reader is. */
export function isSameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

/** As short as can be: the time of today, yesterday, the day of this week, else the date. */
export function shortly(at: number, now: number = Date.now()): string {
  if (isSameDay(at, now)) return clockTime(at);
  if (isSameDay(at, now - DAY)) return relative().format(-1, "day");
  if (now - at < 6 * DAY) return format({ weekday: "short" }).format(at);
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return format(sameYear ? { month: "short", day: "numeric" } : { dateStyle: "medium" }).format(at);
}

/** Thu, of a day of the week from 1, which is Monday, to 7. */
export function weekday(number: number): string {
  return format({ weekday: "short" }).format(new Date(2024, 0, number)); // which began with a Monday
}

/** How long ago: now, 5 minutes ago, yesterday. */
export function ago(at: number, now: number = Date.now()): string {
  const passed = Math.max(0, now - at);
  if (passed < MINUTE) return relative().format(0, "second");
  if (passed < HOUR) return relative().format(-Math.floor(passed / MINUTE), "minute");
  if (passed < DAY) return relative().format(-Math.floor(passed / HOUR), "hour");
  return relative().format(-Math.floor(passed / DAY), "day");
}

/** 30 seconds, 5 minutes, 6 hours: so many seconds in the largest unit that leaves nothing over. */
export function span(seconds: number): string {
  const [unit, size] = SPANS.find(([, size]) => seconds % size === 0) ?? SPANS[2];
  return numbers({ style: "unit", unit, unitDisplay: "long" }).format(seconds / size);
}

/** 12,345 */
export function count(number: number): string {
  return numbers({}).format(number);
}

const counts = new Map<string, Intl.NumberFormat>();

function numbers(wanted: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language.value} ${JSON.stringify(wanted)}`;
  let found = counts.get(key);
  if (found === undefined) counts.set(key, (found = new Intl.NumberFormat(language.value, wanted)));
  return found;
}

const relatives = new Map<string, Intl.RelativeTimeFormat>();

function relative(): Intl.RelativeTimeFormat {
  let found = relatives.get(language.value);
  if (found === undefined) {
    found = new Intl.RelativeTimeFormat(language.value, { numeric: "auto" });
    relatives.set(language.value, found);
  }
  return found;
}
