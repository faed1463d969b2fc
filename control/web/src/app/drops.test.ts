import { expect, test, vi } from "vitest";
import { refuse } from "./drops.ts";

function drop(more: object = {}) {
  const dataTransfer = { types: ["Files"], dropEffect: "copy" };
  const event = { type: "drop", target: {}, defaultPrevented: false, preventDefault: vi.fn(), dataTransfer };
  return Object.assign(event, more);
}

test("a file that nobody takes does not take the place of the page", () => {
  const event = drop();
  refuse(event as never);
  expect(event.preventDefault).toHaveBeenCalled();
  expect(event.dataTransfer.dropEffect).toBe("none");
});

test.each([
  ["was taken", { defaultPrevented: true }],
  ["is over a field for files", { target: { type: "file" } }],
  ["is words", { dataTransfer: { types: ["text/plain"], dropEffect: "copy" } }],
  ["is nothing", { dataTransfer: null }],
])("what %s is left alone", (_, more) => {
  const event = drop(more);
  refuse(event as never);
  expect(event.preventDefault).not.toHaveBeenCalled();
});
