import { beforeEach, expect, test } from "vitest";
import type { Deed } from "../../../wire/http.ts";
import { language } from "../../../words/language.ts";
import { messageOfDeed, moreOfDeed, titleOfDeed } from "./deeds.ts";

const BY = { id: "1", nickname: "하늘" };

function deed(act: string, detail: Deed["detail"] = {}): Deed {
  return { id: "1", at: 0, act, by: BY, person: null, detail };
}

beforeEach(() => {
  language.value = "ko";
});

test("what was done is said in words, with why and until when", () => {
  const banned = deed("member.banned", { reason: "도배", until: null });
  expect(titleOfDeed(banned)).toBe("출입을 막음");
  expect(moreOfDeed(banned)).toEqual(["기한 없이", "사유: 도배"]);
  expect(moreOfDeed(deed("member.banned", { reason: "", until: 0 }))).toHaveLength(1);
  expect(moreOfDeed(deed("role.changed", { role: "moderator" }))).toEqual(["운영진"]);
  expect(moreOfDeed(deed("make_hook", { hook: "1", name: "빌드 알림" }))).toEqual(["빌드 알림"]);
});

test("of a changed room it is said what of it, and how it is called now", () => {
  language.value = "en";
  const changed = deed("room.changed", { title: "Evening walks", slow_mode: 5, password: "changed" });
  expect(titleOfDeed(changed)).toBe("Changed the room");
  expect(moreOfDeed(changed)).toEqual(["title, slow mode, password", "Evening walks"]);
});

test("what was done to a message leads there", () => {
  expect(messageOfDeed(deed("message.deleted", { seq: 7 }))).toBe(7);
  expect(messageOfDeed(deed("room.changed", { seq: 7 }))).toBeUndefined();
});

test("what the server has learned since is called by its code, whatever that is", () => {
  expect(titleOfDeed(deed("room.painted"))).toBe("room.painted");
  expect(titleOfDeed(deed("toString"))).toBe("toString");
  expect(moreOfDeed(deed("room.painted", { colour: "red" }))).toEqual([]);
});
