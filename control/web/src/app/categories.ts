/** What people do together, by the words that admins chose. Fetched once, when somebody first wants to know. */

import { computed, signal } from "@preact/signals";
import { ask } from "./http.ts";
import type { Category } from "../wire/http.ts";
import { language } from "../words/language.ts";

const fetched = signal<readonly Category[] | undefined>(undefined);
let begun = false;

/** All of them, in the order in which to show them; empty until they are here. */
export const categories = computed<readonly Category[]>(() => {
  if (!begun) {
    begun = true;
    void fetchAll();
  }
  return fetched.value ?? [];
});

/** A category in the reader's language, by itself or by its key; the key as it is when nothing is known of it. */
export function nameOfCategory(category: Category | string): string {
  const found =
    typeof category === "string" ? categories.value.find((each) => each.key === category) : category;
  return found === undefined ? String(category) : found[language.value];
}

async function fetchAll(): Promise<void> {
  try {
    fetched.value = (await ask("GET /api/v1/categories")).categories;
  } catch {
    begun = false; // whoever asks next tries again
  }
}
