import { expect, test, vi } from "vitest";
import { reload } from "./rooms.ts";

const { asked } = vi.hoisted(() => ({ asked: [] as (() => void)[] }));

vi.mock("../app/http.ts", () => ({
  ask: () => new Promise((come) => void asked.push(() => come({ rooms: [], next: null }))),
}));
vi.mock("../app/session.ts", async () => {
  const { signal } = await import("@preact/signals");
  return { chat: signal(undefined), me: signal({ id: "me" }) };
});

const settled = () => new Promise((done) => setTimeout(done));

test("a list that is on its way is from before what is asked for now: that is fetched after it, and once", async () => {
  void reload();
  const ends: string[] = [];
  for (const who of ["one", "other"]) void reload().then(() => ends.push(who));
  asked[0]!();
  await settled();
  expect([asked.length, ends]).toEqual([2, []]);
  asked[1]!();
  await settled();
  expect([asked.length, ends]).toEqual([2, ["one", "other"]]);
});
