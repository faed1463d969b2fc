import { signal } from "@preact/signals";
import { beforeEach, expect, test, vi } from "vitest";
import type { Standing } from "../chat/client.ts";
import { Listeners } from "../chat/listeners.ts";
import type { News } from "../wire/socket.ts";
import { isBlocked } from "./blocked.ts";

type Page = { readonly people: readonly { readonly id: string }[]; readonly next: string | null };

const { session, asked } = vi.hoisted(() => ({
  session: {} as { chat: { value: unknown } },
  asked: [] as ((page: Page) => void)[],
}));

vi.mock("./http.ts", () => ({ ask: () => new Promise((come) => void asked.push(come)) }));
vi.mock("./session.ts", async () => {
  session.chat = signal(undefined);
  return { chat: session.chat, me: signal({ id: "me" }) };
});

const settled = () => new Promise((done) => setTimeout(done));

async function comes(ids: readonly string[], next: string | null = null): Promise<void> {
  asked.shift()!({ people: ids.map((id) => ({ id })), next });
  await settled();
}

function connected() {
  const standings = new Listeners<Standing>();
  const client = { news: new Listeners<News>(), standings, standing: { kind: "online" } };
  session.chat.value = client;
  const tell = (user: string, change: "added" | "removed") =>
    client.news.tell({ type: "personal.relation", kind: "blocked", user, change });
  return { tell, standings };
}

beforeEach(() => {
  session.chat.value = undefined;
  asked.splice(0);
});

test("whom I block or let go while the list is on its way stays so, whichever page it was on", async () => {
  const { tell } = connected();
  tell("bada", "added");
  expect(isBlocked("bada")).toBe(true);
  await comes(["noeul"], "more");
  tell("noeul", "removed");
  await comes(["namu"]);
  expect(["bada", "noeul", "namu"].map(isBlocked)).toEqual([true, false, true]);
});

test("of two lists the one that was asked for last counts", async () => {
  const { standings } = connected();
  standings.tell({ kind: "online" });
  const first = asked.shift()!;
  await comes(["bada"]);
  first({ people: [{ id: "noeul" }], next: null });
  await settled();
  expect(["bada", "noeul"].map(isBlocked)).toEqual([true, false]);
});
