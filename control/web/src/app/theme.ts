/** Light or dark: what was chosen here, else what the system wants. */

import { effect, signal } from "@preact/signals";
import { keep, kept } from "./keeping.ts";

export type Theme = "light" | "dark" | "system";

const saved = kept("theme");
export const theme = signal<Theme>(saved === "light" || saved === "dark" ? saved : "system");

export function choose(wanted: Theme): void {
  keep("theme", wanted === "system" ? null : wanted);
  theme.value = wanted;
}

effect(() => {
  const { dataset } = document.documentElement;
  if (theme.value === "system") delete dataset["theme"];
  else dataset["theme"] = theme.value;
});
