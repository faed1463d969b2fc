import { expect, test } from "vitest";
import { findInPages, type Page } from "./pages.ts";

const PAGES: Readonly<Record<string, Page<number>>> = {
  first: { items: [1, 2], next: "second" },
  second: { items: [], next: "third" },
  third: { items: [3, 4], next: null },
};

test("what one looks for is found on whatever page it is, and no page after that is fetched", async () => {
  const asked: (string | null)[] = [];
  const load = async (cursor: string | null) => {
    asked.push(cursor);
    return PAGES[cursor ?? "first"] ?? { items: [], next: null };
  };
  expect(await findInPages(load, (item) => item === 2)).toBe(2);
  expect(asked).toEqual([null]);
  expect(await findInPages(load, (item) => item > 2)).toBe(3);
  expect(asked).toEqual([null, null, "second", "third"]);
  expect(await findInPages(load, (item) => item > 4)).toBeUndefined();
});
