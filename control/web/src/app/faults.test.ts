import { expect, test, vi } from "vitest";
import { Failure } from "../chat/failure.ts";
import { ERRORS as EN } from "../wire/errors.en.ts";
import { ERRORS as KO } from "../wire/errors.ko.ts";
import { language } from "../words/language.ts";
import { said } from "./faults.ts";

test("what came with a sentence says it", () => {
  expect(said(new Failure("slow_mode", "잠시만요")).text).toBe("잠시만요");
});

test("what came with a code alone says it in the reader's language", async () => {
  language.value = "ko";
  expect(said(new Failure("not_a_member")).text).not.toBe("not_a_member");
  await vi.waitFor(() => expect(said(new Failure("not_a_member")).text).toBe(KO.not_a_member));
  language.value = "en";
  await vi.waitFor(() => expect(said(new Failure("not_a_member")).text).toBe(EN.not_a_member));
});

test("why a connection ended for good is said as the code it is named by", async () => {
  language.value = "ko";
  const stopped = new Failure("stopped", "too_many_connections");
  await vi.waitFor(() => expect(said(stopped).text).toBe(KO.too_many_connections));
});
