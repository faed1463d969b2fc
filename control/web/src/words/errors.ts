/** The sentences of the codes that a page meets without one, as when a room is closed. Fetched when the first is wanted. */

import { signal } from "@preact/signals";
import { type Language, language } from "./language.ts";

type Sentences = Readonly<Record<string, string>>;

const tables = signal<Partial<Record<Language, Sentences>>>({});
const asked = new Set<Language>();
const load: Readonly<Record<Language, () => Promise<{ readonly ERRORS: Sentences }>>> = {
  ko: () => import("../wire/errors.ko.ts"),
  en: () => import("../wire/errors.en.ts"),
};

/** What a code says, in the language of this moment; undefined for what is no code, and until the sentences are here. */
export function sentenceOf(code: string): string | undefined {
  const wanted = language.value;
  if (!asked.has(wanted)) void fetchTable(wanted);
  return tables.value[wanted]?.[code];
}

async function fetchTable(wanted: Language): Promise<void> {
  asked.add(wanted);
  try {
    const { ERRORS } = await load[wanted]();
    tables.value = { ...tables.value, [wanted]: ERRORS };
  } catch {
    asked.delete(wanted); // whoever asks next tries again
  }
}
