/** What those who keep order did in a room, in words. Pure. */

import type { Deed } from "../../../wire/http.ts";
import { dayAndTime } from "../../../words/times.ts";
import { words as room } from "../words.ts";
import { words } from "./words.ts";

type Words = typeof words.value;

const ACTS: Readonly<Record<string, keyof Words>> = {
  "room.changed": "roomChanged",
  "code.changed": "codeChangedDeed",
  "room.archived": "roomArchived",
  "link.made": "linkMade",
  "link.removed": "linkRemoved",
  "member.kicked": "kicked",
  "member.banned": "banned",
  "member.unbanned": "unbannedDeed",
  "member.muted": "muted",
  "member.unmuted": "unmuted",
  "role.changed": "roleChanged",
  "owner.passed": "ownerPassed",
  make_hook: "hookMade",
  revoke_hook: "hookRevoked",
  put_bot: "botPut",
  "message.deleted": "messageDeleted",
  "message.pinned": "messagePinned",
  "message.unpinned": "messageUnpinned",
};

/** The parts of a room that can be changed. */
const PARTS: Readonly<Record<string, keyof Words>> = {
  title: "changedTitle",
  description: "changedDescription",
  category: "changedCategory",
  tags: "changedTags",
  slow_mode: "changedSlowMode",
  capacity: "changedCapacity",
  visibility: "changedVisibility",
  password: "changedPassword",
  history: "changedHistory",
  image: "changedImage",
};

/** What was done; its code, where that is newer than this page. */
export function titleOfDeed({ act }: Deed): string {
  return wordOf(ACTS, act);
}

/** What there is to say beside it: why, until when, to what. */
export function moreOfDeed({ act, detail }: Deed): readonly string[] {
  const t = words.value;
  if (act === "room.changed") {
    const title = detail["title"];
    const parts = Object.keys(detail).map((name) => wordOf(PARTS, name));
    return typeof title === "string" ? [parts.join(", "), title] : [parts.join(", ")];
  }
  const { reason, role, name } = detail;
  const until = detail["until"] ?? detail["expires_at"];
  return [
    typeof name === "string" && name,
    (role === "owner" || role === "moderator" || role === "member") && room.value[role],
    typeof until === "number" && t.until(dayAndTime(until)),
    act === "member.banned" && until == null && t.forGood,
    typeof reason === "string" && reason !== "" && t.why(reason),
  ].filter((each) => each !== false);
}

/** The seq of the message that it was done to; undefined where it was not. */
export function messageOfDeed({ act, detail }: Deed): number | undefined {
  const { seq } = detail;
  return act.startsWith("message.") && typeof seq === "number" ? seq : undefined;
}

/** The word for a code; the code itself, where there is none. */
function wordOf(table: Readonly<Record<string, keyof Words>>, code: string): string {
  const key = Object.hasOwn(table, code) ? table[code] : undefined;
  const word = key === undefined ? code : words.value[key];
  return typeof word === "string" ? word : code;
}
