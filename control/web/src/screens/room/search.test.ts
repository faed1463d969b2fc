import { expect, test } from "vitest";
import { Failure } from "../../chat/failure.ts";
import type { Event, Found } from "../../wire/socket.ts";
import { Search } from "./search.ts";

/** A search whose answers come when a test says so. */
function searching() {
  const asked: {
    text: string;
    before: number | undefined;
    answer: (found: Found) => void;
    fail: () => void;
  }[] = [];
  const search = new Search(
    (text, before) =>
      new Promise((answer, failed) => {
        asked.push({ text, before, answer, fail: () => failed(new Failure("offline")) });
      }),
  );
  const found = () => search.found.value?.events.map(({ seq }) => seq);
  return { search, asked, found };
}

const page = (seqs: number[], next?: number): Found => ({
  events: seqs.map((seq) => ({ seq }) as Event),
  ...(next === undefined ? {} : { next }),
});

test("more of what is looked for stands below what was found of it", async () => {
  const { search, asked, found } = searching();
  const first = search.look("하늘");
  asked[0]?.answer(page([9, 8], 8));
  await first;
  const more = search.more();
  void search.more(); // one at a time
  asked[1]?.answer(page([3]));
  await more;
  expect([found(), search.found.value?.next]).toEqual([[9, 8, 3], undefined]);
  expect(asked.map(({ text, before }) => [text, before])).toEqual([
    ["하늘", undefined],
    ["하늘", 8],
  ]);
});

test.each(["answer", "fail"] as const)(
  "more of an old search is not put into a new one (%s)",
  async (end) => {
    const { search, asked, found } = searching();
    const first = search.look("하늘");
    asked[0]?.answer(page([9], 8));
    await first;
    const old = search.more();
    const next = search.look("바다");
    asked[1]?.[end](page([1]));
    await old;
    expect([search.found.value, search.busy.value, search.fault.value]).toEqual([undefined, true, undefined]);
    asked[2]?.answer(page([7]));
    await next;
    expect([found(), search.busy.value]).toEqual([[7], false]);
  },
);

test("what could not be looked for says why, until it is tried again", async () => {
  const { search, asked, found } = searching();
  const first = search.look("하늘");
  asked[0]?.fail();
  await first;
  expect(search.fault.value).toMatchObject({ code: "offline" });
  const again = search.more();
  asked[1]?.answer(page([9]));
  await again;
  expect([found(), search.fault.value]).toEqual([[9], undefined]);
});
