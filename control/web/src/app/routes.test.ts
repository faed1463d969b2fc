import { expect, test } from "vitest";
import { match, pathTo } from "./routes.ts";

test("a route takes the parts it names, and no other path", () => {
  expect(match("/", "/")).toEqual({});
  expect(match("/rooms/:room", "/rooms/7")).toEqual({ room: "7" });
  expect(match("/rooms/:room", "/rooms/7/")).toEqual({ room: "7" });
  expect(match("/rooms/:room", "/rooms")).toBeUndefined();
  expect(match("/rooms/:room", "/rooms/7/pins")).toBeUndefined();
  expect(match("/rooms/:room", "/people/7")).toBeUndefined();
});

test("what was put into a path comes out of it as it was", () => {
  const path = pathTo("/links/:code/:more", { code: "a/b c", more: "한강%" });
  expect(match("/links/:code/:more", path)).toEqual({ code: "a/b c", more: "한강%" });
});

test("a path that nobody can have made leads nowhere", () => {
  expect(match("/links/:code", "/links/%E0%A4%A")).toBeUndefined();
});
