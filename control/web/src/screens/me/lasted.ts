import { words } from "./words.ts";

/** So many minutes, in words. */
export function lasted(minutes: number): string {
  return words.value.time(Math.floor(minutes / 60), minutes % 60);
}
