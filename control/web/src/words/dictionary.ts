/**
 * Words in both languages, side by side: what has no English is a type error, and so is English that has no Korean.
 *
 *     export const words = dictionary({ hello: "안녕하세요", unread: (n: number) => `안 읽음 ${n}` },
 *                                     { hello: "Hello", unread: (n) => `${n} unread` });
 *     words.value.hello     // in the language of this moment; a component that reads it is drawn anew when that changes
 */

import { computed, type ReadonlySignal } from "@preact/signals";
import { language } from "./language.ts";

type Entry = string | ((...values: never[]) => string);

/** The same keys, each a sentence, or a function of the same values. */
export type Sentences<T> = {
  readonly [K in keyof T]: T[K] extends (...values: infer Values) => string
    ? (...values: Values) => string
    : string;
};

export function dictionary<T extends Record<string, Entry>>(
  ko: T,
  en: Sentences<NoInfer<T>>,
): ReadonlySignal<Sentences<T>> {
  return computed(() => (language.value === "ko" ? (ko as unknown as Sentences<T>) : en));
}
