/** When a mentor is here each week, as people read and choose it. Pure. */

import type { OnlineHours } from "../../wire/http.ts";
import { language } from "../../words/language.ts";

/** Monday to Sunday, in the language of the moment. */
export function nameOfDay(day: number): string {
  const monday = Date.UTC(2024, 0, 1); // which was one
  return new Intl.DateTimeFormat(language.value, { weekday: "long", timeZone: "UTC" }).format(
    monday + (day - 1) * 86_400_000,
  );
}

/** Days with the same hours stand together: what is on Monday to Friday from eight is said once. In the order of the week. */
export function gathered(
  hours: readonly OnlineHours[],
): readonly { days: number[]; begins: string; ends: string }[] {
  const spans = new Map<string, { days: number[]; begins: string; ends: string }>();
  for (const { day, begins, ends } of [...hours].sort((one, other) => one.day - other.day)) {
    const key = `${begins} ${ends}`;
    const span = spans.get(key) ?? { days: [], begins, ends };
    if (!span.days.includes(day)) span.days.push(day);
    spans.set(key, span);
  }
  return [...spans.values()];
}

/** A clock has no 24:00, a day has: midnight at its end is its. */
export function endOfDay(chosen: string): string {
  return chosen === "00:00" ? "24:00" : chosen;
}

export function onClock(ends: string): string {
  return ends === "24:00" ? "00:00" : ends;
}
