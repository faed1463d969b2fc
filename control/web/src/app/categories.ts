/** What people do together, by the words that admins chose. */

import type { Category } from "../wire/http.ts";
import { language } from "../words/language.ts";
import { ask } from "./http.ts";
import { lazily } from "./lazily.ts";

const fetched = lazily(async () => (await ask("GET /api/v1/categories")).categories);

/** All of them, in the order in which to show them; empty until they are here. */
export const categories = {
  get value(): readonly Category[] {
    return fetched.value ?? [];
  },
};

/** A category in the reader's language, by itself or by its key; the key as it is when nothing is known of it. */
export function nameOfCategory(category: Category | string): string {
  const found =
    typeof category === "string" ? categories.value.find((each) => each.key === category) : category;
  return found === undefined ? String(category) : found[language.value];
}
