import { expect, test } from "vitest";
import { onceOnly } from "./once.ts";

test("what is sent again after a lost answer is sent under its name; anything else under another", async () => {
  const once = onceOnly();
  const names: string[] = [];
  const send = (fails: boolean) => (body: { client_id: string }) => {
    names.push(body.client_id);
    return fails ? Promise.reject(new Error("lost")) : Promise.resolve("made");
  };
  await expect(once({ text: "one" }, send(true))).rejects.toThrow("lost");
  await expect(once({ text: "one" }, send(false))).resolves.toBe("made");
  await once({ text: "one" }, send(false)); // on purpose, now that it is known to be made
  await expect(once({ text: "two" }, send(true))).rejects.toThrow("lost");
  await once({ text: "too" }, send(false)); // mended in between
  expect(names[1]).toBe(names[0]);
  expect(new Set(names).size).toBe(4);
});
