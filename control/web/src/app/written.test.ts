import { expect, test, vi } from "vitest";
import { forgetAll, Unsaid } from "../room/unsaid.ts";
import { Memory } from "./memory.ts";
import { Written } from "./written.ts";

vi.mock("./session.ts", () => ({}));

const EMPTY = { title: "", text: "", starts: "2026-11-20T19:00", tags: [] as readonly string[] };

function writing() {
  const shelf = new Memory();
  const open = (place: string, begun = EMPTY, user = "me") =>
    new Written(new Unsaid(user, shelf), place, begun);
  return { shelf, open };
}

test("what was written in a form is there again, until it is sent", () => {
  const { shelf, open } = writing();
  const form = open("class");
  form.put({ text: "열 글자가 넘는 글" });
  form.put({ tags: ["춤"] });
  const again = open("class");
  expect(again.value.value).toEqual({ ...EMPTY, text: "열 글자가 넘는 글", tags: ["춤"] });
  expect(again.isChanged.value).toBe(true);
  again.clear();
  expect([again.value.value, again.isChanged.value]).toEqual([EMPTY, false]);
  expect([open("class").value.value, shelf.length]).toEqual([EMPTY, 0]);
});

test("nothing is kept of what was put back as it had been", () => {
  const { shelf, open } = writing();
  const form = open("class");
  form.put({ title: "제목", tags: ["춤"] });
  form.put({ title: "", tags: [] });
  expect([form.isChanged.value, shelf.length]).toEqual([false, 0]);
});

test("what nobody touched is as it is by now, when it is come back to", () => {
  const { open } = writing();
  open("class").put({ title: "제목" });
  const later = { ...EMPTY, text: "다른 기기에서 쓴 글", starts: "2026-12-01T10:00" };
  expect(open("class", later).value.value).toEqual({ ...later, title: "제목" });
});

test("each thing has its own, and each person", () => {
  const { shelf, open } = writing();
  open("answer 1").put({ text: "하나" });
  expect(open("answer 2").value.value).toEqual(EMPTY);
  expect(open("answer 1", EMPTY, "bada").value.value).toEqual(EMPTY);
  forgetAll(shelf);
  expect(open("answer 1").value.value).toEqual(EMPTY);
});
