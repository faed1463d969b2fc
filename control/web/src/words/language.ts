/** The language people are spoken to in: what they chose here, else the first of their browser's that we have. */

import { effect, signal } from "@preact/signals";
import { keep, kept } from "../app/keeping.ts";

export type Language = "ko" | "en";

const LANGUAGES: readonly Language[] = ["ko", "en"];

/** Which of our languages somebody with these preferences reads; Korean when none of them is ours. */
export function preferred(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = LANGUAGES.find((each) => tag.toLowerCase().split("-")[0] === each);
    if (found !== undefined) return found;
  }
  return "ko";
}

function chosen(): Language | undefined {
  return LANGUAGES.find((each) => each === kept("language"));
}

export const language = signal<Language>(
  chosen() ?? preferred(typeof navigator === "undefined" ? [] : navigator.languages),
);

/** Speak another language from now on, and at the next visit. */
export function speak(wanted: Language): void {
  keep("language", wanted);
  language.value = wanted;
}

if (typeof document !== "undefined") {
  effect(() => {
    document.documentElement.lang = language.value;
  });
}
