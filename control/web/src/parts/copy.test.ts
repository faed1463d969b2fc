import { afterEach, expect, test, vi } from "vitest";
import { copy } from "./copy.ts";

afterEach(() => vi.unstubAllGlobals());

test.each([
  ["done", { clipboard: { writeText: async () => undefined } }, true],
  ["refused", { clipboard: { writeText: () => Promise.reject(new DOMException("no")) } }, false],
  ["impossible without TLS", {}, false],
])("that copying is %s is said", async (_, navigator, isDone) => {
  vi.stubGlobal("navigator", navigator);
  expect(await copy("말")).toBe(isDone);
});
