/**
 * Where the browser is, and how to go elsewhere without loading the page anew.
 *
 * Links are plain `<a href>`: a click on one that stays on our pages is taken here.
 */

import { computed, signal } from "@preact/signals";

const here = signal(typeof location === "undefined" ? "/" : location.pathname + location.search);

export const path = computed(() => here.value.split("?", 1)[0] ?? "/");
export const query = computed(() => new URLSearchParams(here.value.slice(path.value.length)));

/** Go to a path of ours. `instead`: what is shown now is not come back to. */
export function go(to: string, how: { readonly instead?: boolean } = {}): void {
  if (to === here.value) return;
  if (how.instead === true) history.replaceState(null, "", to);
  else history.pushState(null, "", to);
  arrive();
}

/** Say something else in the query of this place; null leaves a word out. It is the same place still. */
export function ask(words: Readonly<Record<string, string | null>>): void {
  const said = new URLSearchParams(query.value);
  for (const [name, value] of Object.entries(words)) {
    if (value === null || value === "") said.delete(name);
    else said.set(name, value);
  }
  const rest = said.toString();
  history.replaceState(null, "", path.value + (rest === "" ? "" : `?${rest}`));
  arrive();
}

function arrive(): void {
  here.value = location.pathname + location.search;
}

/** Begin to take clicks on links and the browser's back and forward. */
export function followLinks(): void {
  addEventListener("popstate", arrive);
  document.addEventListener("click", (click) => {
    const to = wayOf(click);
    if (to === undefined) return;
    click.preventDefault();
    go(to);
  });
}

function wayOf(click: MouseEvent): string | undefined {
  if (click.defaultPrevented || click.button !== 0) return undefined;
  if (click.metaKey || click.ctrlKey || click.shiftKey || click.altKey) return undefined;
  const link = click.target instanceof Element ? click.target.closest("a") : null;
  if (link === null || link.target !== "" || link.hasAttribute("download")) return undefined;
  if (link.origin !== location.origin || link.hash !== "" || link.pathname.startsWith("/docs"))
    return undefined;
  return link.pathname + link.search;
}
