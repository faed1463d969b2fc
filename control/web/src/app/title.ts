/** What stands in the browser's tab: how much is unread, where one is, and whose yard it is. */

import { computed, effect, signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { unreadInAll } from "../yard/rooms.ts";
import { words } from "../words/common.ts";

const place = signal("");

const title = computed(() => {
  const unread = unreadInAll.value;
  const count = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ` : "";
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
