import { words } from "./words.ts";

/** So many minutes, in words: hours and minutes, without those of which there are none. */
export function lasted(minutes: number): string {
  const t = words.value;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 && t.hours(hours), (rest > 0 || hours === 0) && t.minutes(rest)]
    .filter(Boolean)
    .join(" ");
}
