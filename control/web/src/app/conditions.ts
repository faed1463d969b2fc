/** What people agree on before they meet: places, ways to eat and kinds of study. */

import type { Condition, Conditions } from "../wire/http.ts";
import { language } from "../words/language.ts";
import { ask } from "./http.ts";
import { lazily } from "./lazily.ts";

export type List = keyof Conditions;

const conditions = lazily(() => ask("GET /api/v1/conditions"));

/** What can be chosen from a list, in the order in which to show it: what is not retired, and what is chosen already. */
export function offered(list: List, chosen: readonly string[]) {
  const all = conditions.value?.[list] ?? [];
  return all
    .filter((each) => !each.retired || chosen.includes(each.key))
    .map((each) => ({ value: each.key, label: each[language.value] }));
}

/** A condition in the reader's language; its key as long as nothing is known of it. */
export function nameOfCondition(list: List, key: string): string {
  const found: Condition | undefined = conditions.value?.[list].find((each) => each.key === key);
  return found === undefined ? key : found[language.value];
}
