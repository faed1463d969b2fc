/** What stands in the browser's tab: how much is unread, where one is, and whose yard it is. */

import { computed, effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { unreadInAll } from "../yard/rooms.ts";
import { words } from "../words/common.ts";
import { calmly } from "./calmly.ts";

/** A browser draws its tab anew for each change of the title: in a room where many talk, that is as much work as the room. */
const CALM_MS = 1000;

const place = signal("");

const unread = calmly(unreadInAll, CALM_MS);

const title = computed(() => {
  const count = unread.value > 0 ? `(${unread.value > 99 ? "99+" : unread.value}) ` : "";
  const name = words.value.madang;
  return count + (place.value === "" ? name : `${place.value} · ${name}`);
});

/** Call this place so, as long as it is shown. */
export function useTitle(name: string): void {
  useEffect(() => {
    place.value = name;
    return () => {
      if (place.peek() === name) place.value = "";
    };
  }, [name]);
}

effect(() => {
  document.title = title.value;
});
