import { expect, test } from "vitest";
import type { Comment } from "../../wire/http.ts";
import { placed } from "./placed.ts";

function comment(id: string, depth: number, parent: string | null = null): Comment {
  return { id, depth, parent } as unknown as Comment;
}

const thread = [comment("a", 0), comment("a1", 1, "a"), comment("a1x", 2, "a1"), comment("b", 0)];

test("a reply stands behind its parent and what was replied before", () => {
  const ids = (made: Comment) => placed(thread, made).map((each) => each.id);
  expect(ids(comment("new", 1, "a"))).toEqual(["a", "a1", "a1x", "new", "b"]);
  expect(ids(comment("new", 2, "a1"))).toEqual(["a", "a1", "a1x", "new", "b"]);
  expect(ids(comment("new", 1, "b"))).toEqual(["a", "a1", "a1x", "b", "new"]);
});

test("what replies to nothing that is here stands at the end", () => {
  expect(placed(thread, comment("new", 0)).at(-1)?.id).toBe("new");
  expect(placed(thread, comment("new", 1, "elsewhere")).at(-1)?.id).toBe("new");
});
