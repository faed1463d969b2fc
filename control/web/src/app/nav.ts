/** What the frame leads to, in order. The first few stand in the bar at the foot of a phone. */

import { computed } from "@preact/signals";
import type { IconName } from "../parts/Icon.tsx";
import { PARTS } from "../screens/admin/parts.ts";
import { me } from "./session.ts";
import { dictionary } from "../words/dictionary.ts";

const words = dictionary(
  { yard: "마당", rooms: "방", learn: "배움", meet: "만남", people: "사람들", me: "나", admin: "운영" },
  { yard: "Yard", rooms: "Rooms", learn: "Learn", meet: "Meet", people: "People", me: "Me", admin: "Admin" },
);

export interface Way {
  readonly path: string;
  readonly icon: IconName;
  readonly label: string;
  /** Whether somebody at `path` is there. */
  readonly isHere: (path: string) => boolean;
}

/** The first part of administration that is somebody's to see. */
const toAdmin = computed(() => PARTS.find(({ needs }) => me.value?.permissions.includes(needs))?.path);
const isOfAdmin = (at: string) => at === "/admin" || at.startsWith("/admin/");

export const ways = computed<readonly Way[]>(() => [
  {
    path: "/",
    icon: "yard",
    label: words.value.yard,
    isHere: (at) => at === "/" || at.startsWith("/rooms/"),
  },
  { path: "/rooms", icon: "rooms", label: words.value.rooms, isHere: (at) => at === "/rooms" },
  {
    path: "/classes",
    icon: "book",
    label: words.value.learn,
    isHere: (at) => /^\/(classes|mentors|questions|points|search)(\/|$)/.test(at),
  },
  { path: "/meet", icon: "meet", label: words.value.meet, isHere: (at) => /^\/meet(\/|$)/.test(at) },
  { path: "/people", icon: "people", label: words.value.people, isHere: (at) => at.startsWith("/people") },
  { path: "/me", icon: "self", label: words.value.me, isHere: (at) => /^\/me(\/|$)/.test(at) },
  ...(toAdmin.value === undefined
    ? []
    : [{ path: toAdmin.value, icon: "key", label: words.value.admin, isHere: isOfAdmin } as const]),
]);
