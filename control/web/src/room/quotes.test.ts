import { expect, test } from "vitest";
import type { Event, Page } from "../wire/socket.ts";
import { Quotes } from "./quotes.ts";

const place = (seq: number) => ({ room: "r", seq, at: seq });
const gone: Event = { type: "message.deleted", ...place(9), of: 3, by: "bada" };
const edited: Event = { type: "message.edited", ...place(8), of: 3, text: "고친 말", by: "bada" };

function said(text: string): Page {
  const event = { type: "message", ...place(3), mseq: 3, sender: "bada", client_id: "c", text } as const;
  return { events: [event], more: false, as_of: 7 };
}

const settled = () => new Promise((done) => setTimeout(done));

/** Quotes whose pages come when a test lets them. */
function open() {
  const come: ((page: Page) => void)[] = [];
  const quotes = new Quotes("me", () => new Promise((resolve) => void come.push(resolve)));
  return { quotes, come };
}

async function quoted() {
  const { quotes, come } = open();
  expect([quotes.of(3), quotes.of(3)]).toEqual([undefined, undefined]);
  await settled();
  expect(come).toHaveLength(1);
  return { quotes, come };
}

test("what becomes of a message is seen where it is quoted, also while it is asked for", async () => {
  const { quotes, come } = await quoted();
  quotes.heard(edited);
  come[0]!(said("말"));
  await settled();
  expect(quotes.of(3)).toMatchObject({ text: "고친 말", deleted: false });
  quotes.heard(gone);
  expect(quotes.of(3)).toMatchObject({ text: "", deleted: true });
});

test("a second copy that is taken back is quoted no more", async () => {
  const { quotes, come } = await quoted();
  come[0]!(said("말"));
  await settled();
  quotes.heard({ type: "void", ...place(8), of: 3 });
  expect(quotes.of(3)).toBeUndefined();
});

test("after a reset it is asked for anew, and nothing from before it counts", async () => {
  const { quotes, come } = await quoted();
  quotes.reset();
  expect(quotes.of(3)).toBeUndefined();
  await settled();
  come[1]!(said("다른 말"));
  await settled();
  come[0]!(said("말"));
  await settled();
  expect(quotes.of(3)?.text).toBe("다른 말");
});
