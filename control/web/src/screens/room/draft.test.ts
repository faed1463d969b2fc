import { describe, expect, test } from "vitest";
import { Memory } from "../../app/memory.ts";
import type { Members } from "../../room/people.ts";
import { NOTHING, Unsaid } from "../../room/unsaid.ts";
import { saying } from "../../room/saying.ts";
import { LIMITS } from "../../wire/limits.ts";
import { called, calling, Draft, Drafts, mentionsIn, offered } from "./draft.ts";

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

  test("may be everybody, by those who keep order, and nobody calls themself", () => {
    const names = (name: string, role: "member" | "moderator") => {
      const mine = new Map(members).set("me", { ...members.get("바다")!, id: "me", nickname: "모모", role });
      return offered(name, mine, "me", "모두").map(({ nickname }) => nickname);
    };
    expect(names("모", "moderator")).toEqual(["모두"]);
    expect(names("", "moderator")).toEqual(["모두", "하늘", "하늘이", "바다", "Sun"]);
    expect(names("모", "member")).toEqual([]);
  });
});

const PICTURE = { id: "f1", name: "하늘.png", media_type: "image/png", size: 3 };

/** A draft of a room whose uploads end as a test says. */
function drafting(unsaid = new Unsaid("me", new Memory())) {
  const ends: { granted: (sent: typeof PICTURE) => void; refused: (why: unknown) => void }[] = [];
  const send = () => new Promise<typeof PICTURE>((granted, refused) => void ends.push({ granted, refused }));
  const drafts = new Drafts(unsaid, "room", send);
  return { unsaid, drafts, draft: drafts.of(), ends, again: () => new Draft(unsaid, "room", send) };
}

const files = (count: number) => Array.from({ length: count }, (_, i) => new File(["a"], `${i}.png`));
const settled = () => new Promise((done) => setTimeout(done));

test("what was written and attached is there again after an edit, and for who comes back to the room", async () => {
  const { draft, ends, again } = drafting();
  draft.write("쓰다 만 말");
  draft.enclose(files(1));
  ends[0]?.granted(PICTURE);
  await settled();
  for (const end of [() => draft.leave(), () => draft.clear()]) {
    draft.edit(said);
    expect(draft.text.value).toBe("처음");
    draft.write("고친 말");
    end();
    expect([draft.text.value, draft.files.value.length]).toEqual(["쓰다 만 말", 1]);
    expect([again().text.value, again().files.value.map(({ sent }) => sent)]).toEqual([
      "쓰다 만 말",
      [PICTURE],
    ]);
  }
  draft.clear();
  expect([again().text.value, again().files.value]).toEqual(["", []]);
});

test("what is being answered, and put in other words, is found again; the one is not lost by the other", () => {
  const { unsaid, draft, again } = drafting();
  draft.answer({ ...said, text: "고친 물음" });
  draft.write("대답");
  draft.edit(said);
  draft.write("고친 말");
  const found = again();
  expect([found.text.value, found.edits.value?.event.seq]).toEqual(["고친 말", 1]);
  found.leave();
  expect([found.text.value, found.answers.value?.text]).toEqual(["대답", "고친 물음"]);
  expect(again().edits.value).toBeUndefined();
  found.leave();
  expect([again().text.value, again().answers.value]).toEqual(["대답", undefined]);
  found.clear();
  expect(unsaid.draft("room")).toEqual(NOTHING);
});

test("a file that comes while somebody writes on is attached to what they write, one draft for a place", async () => {
  const { drafts, draft, ends, again } = drafting();
  draft.enclose(files(1));
  expect(drafts.isUploading.value).toBe(true);
  expect(drafts.of()).toBe(draft);
  expect(drafts.of(7)).not.toBe(draft);
  ends[0]?.granted(PICTURE);
  await settled();
  expect(drafts.isUploading.value).toBe(false);
  drafts.of().write("저녁");
  expect([again().text.value, again().files.value.length]).toEqual(["저녁", 1]);
});

test("what was taken out or belongs to a closed room is not attached when it comes", async () => {
  const { drafts, draft, ends, again } = drafting();
  draft.enclose(files(2));
  draft.remove(draft.files.value[0]!);
  drafts.close();
  for (const { granted } of ends) granted(PICTURE);
  await settled();
  expect(again().files.value).toEqual([]);
});

test("a file that was refused stays when the rest is said, and can be sent again", async () => {
  const { draft, ends } = drafting();
  draft.enclose(files(1));
  ends[0]?.refused(new Error("no way"));
  await settled();
  draft.clear();
  expect(draft.files.value).toMatchObject([{ name: "0.png", fault: new Error("no way") }]);
  draft.again(draft.files.value[0]!);
  expect(draft.isUploading.value).toBe(true);
  ends[1]?.granted(PICTURE);
  await settled();
  expect(draft.files.value).toMatchObject([{ sent: PICTURE, fault: undefined }]);
});

test("more files than a message has are counted, not dropped in silence", () => {
  const { draft } = drafting();
  expect(draft.enclose(files(12))).toBe(12 - LIMITS.attachments);
  expect(draft.enclose(files(1))).toBe(1);
  expect(draft.files.value.length).toBe(LIMITS.attachments);
});
