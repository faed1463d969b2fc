import { describe, expect, test } from "vitest";
import { Memory } from "../../app/memory.ts";
import type { Members } from "../../room/people.ts";
import { Unsaid } from "../../room/unsaid.ts";
import { saying } from "../../room/saying.ts";
import { called, calling, Draft, mentionsIn } from "./draft.ts";

const members: Members = new Map(
  ["하늘", "하늘이", "바다", "Sun"].map((nickname) => [
    nickname,
    {
      id: nickname,
      nickname,
      bot: false,
      avatar: null,
      role: "member",
      joined_at: 1,
      muted_until: null,
      last_read: 0,
    },
  ]),
);

const said = saying({
  type: "message",
  room: "r",
  seq: 1,
  at: 1,
  mseq: 1,
  sender: "me",
  client_id: "c",
  text: "처음",
});

describe("who is mentioned", () => {
  test("is who is called by the whole name, the longest first", () => {
    expect(mentionsIn("@하늘이 와 @바다 야", members)).toEqual(["하늘이", "바다"]);
    expect(mentionsIn("@하늘 @하늘이", members).sort()).toEqual(["하늘", "하늘이"]);
    expect(mentionsIn("하늘 바다", members)).toEqual([]);
  });

  test("is completed behind an @ that begins a word", () => {
    expect(calling("안녕 @하", 5)).toEqual({ from: 3, name: "하" });
    expect(calling("me@하", 4)).toBeUndefined();
    expect(calling("@하늘 안녕", 6)).toBeUndefined();
    expect(calling("안녕", 2)).toBeUndefined();
  });

  test("is offered by how the name begins, then by what is in it", () => {
    expect(called("하늘", members, 5).map(({ id }) => id)).toEqual(["하늘", "하늘이"]);
    expect(called("다", members, 5).map(({ id }) => id)).toEqual(["바다"]);
    expect(called("s", members, 5).map(({ id }) => id)).toEqual(["Sun"]);
    expect(called("", members, 2)).toHaveLength(2);
  });
});

test("what was written is there again after an edit, and for who comes back to the room", () => {
  const unsaid = new Unsaid("me", new Memory());
  const draft = new Draft(unsaid, "room");
  draft.write("쓰다 만 말");
  draft.edit(said);
  expect(draft.text.value).toBe("처음");
  draft.write("고친 말");
  draft.leave();
  expect(draft.text.value).toBe("쓰다 만 말");
  expect(new Draft(unsaid, "room").text.value).toBe("쓰다 만 말");
  draft.clear();
  expect(new Draft(unsaid, "room").text.value).toBe("");
});

test("files that are there already are found again with what was written", () => {
  const unsaid = new Unsaid("me", new Memory());
  const file = { id: "f1", name: "하늘.png", media_type: "image/png", size: 3 };
  const draft = new Draft(unsaid, "room");
  draft.write("저녁");
  for (const key of ["one", "two"]) draft.enclose({ key, name: key, part: 0, abort: new AbortController() });
  draft.change("one", { sent: file });
  draft.change("two", { part: 0.5 });
  const again = new Draft(unsaid, "room");
  expect([again.text.value, again.files.value.map(({ sent }) => sent)]).toEqual(["저녁", [file]]);
  again.remove(again.files.value[0]!);
  expect(new Draft(unsaid, "room").files.value).toEqual([]);
});
