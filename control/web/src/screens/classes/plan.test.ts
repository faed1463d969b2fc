import { expect, test } from "vitest";
import type { Class } from "../../wire/http.ts";
import { asClass, changes, newPlan, planOf } from "./plan.ts";

const made = {
  title: "인덱스",
  description: "",
  curriculum: ["1주: B-트리", "2주: 계획"],
  questions: ["왜 배우나요?"],
  price: 300,
  capacity: 20,
  starts_at: new Date(2026, 2, 5, 19, 0, 30).getTime(),
  cover: null,
  categories: ["development"],
} as unknown as Class;

test("lines are parts of a list, without those that are empty", () => {
  const plan = { ...newPlan(0), curriculum: " 1주: B-트리 \n\n2주\n", questions: "" };
  expect(asClass(plan).curriculum).toEqual(["1주: B-트리", "2주"]);
  expect(asClass(plan).questions).toEqual([]);
});

test("only what was changed is said: a start with seconds, which no field shows, is not one", () => {
  expect(changes(made, planOf(made))).toEqual({});
  expect(changes(made, { ...planOf(made), title: "색인", starts: "2026-03-06T19:00" })).toEqual({
    title: "색인",
    starts_at: new Date(2026, 2, 6, 19, 0).getTime(),
  });
});

test("a new class begins in a week, on the hour", () => {
  const now = new Date(2026, 2, 5, 18, 20).getTime();
  expect(newPlan(now).starts).toBe("2026-03-12T19:00");
});
