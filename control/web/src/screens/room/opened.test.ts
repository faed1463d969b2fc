/** A room that is not looked at any more stays open for as long as something of mine is on its way in it. */

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Client } from "../../chat/client.ts";
import { Failure } from "../../chat/failure.ts";
import { Listeners } from "../../chat/listeners.ts";
import type { News } from "../../wire/socket.ts";
import { leaveRoom, openRoom } from "./opened.ts";

vi.mock("../../app/http.ts", () => ({
  ask: () => Promise.reject(new Failure("offline")),
  http: { session: { news: new Listeners(), kept: undefined } },
}));

/** A client of whose room nothing comes but what a test grants. */
function client() {
  const close = vi.fn();
  const answers: { granted: (sent: object) => void; refused: (why: Failure) => void }[] = [];
  const asked = () => new Promise((granted, refused) => void answers.push({ granted, refused }));
  const open = (id: string) => ({
    id,
    news: new Listeners(),
    send: () => ({ stored: asked() }),
    edit: asked,
    close,
  });
  return { client: { news: new Listeners<News>(), open } as unknown as Client, close, answers };
}

const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  for (const name of [
    "addEventListener",
    "removeEventListener",
    "requestAnimationFrame",
    "cancelAnimationFrame",
  ])
    vi.stubGlobal(name, () => 0);
  vi.stubGlobal("document", { addEventListener, removeEventListener });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("until my other words for a message are granted, which are found again if they are refused", async () => {
  const { client: mine, close, answers } = client();
  const opened = openRoom(mine, "room", "me");
  opened.model.edit(3, "고친 말", []);
  leaveRoom(opened);
  await settled();
  expect(close).not.toHaveBeenCalled();
  answers[0]?.refused(new Failure("muted"));
  await settled();
  expect(close).toHaveBeenCalled();
  const again = openRoom(mine, "room", "me");
  expect(again.model.posts.value).toMatchObject([{ of: 3, text: "고친 말", state: "failed" }]);
  again.model.again(again.model.posts.value[0]!);
  answers[1]?.granted({ seq: 9, mseq: 4, at: 1 });
  leaveRoom(again);
  await settled();
  expect(openRoom(mine, "room", "me").model.posts.value).toEqual([]);
});

test("until a file is there, which whoever comes back meanwhile finds on its way", async () => {
  const { client: mine, close } = client();
  const opened = openRoom(mine, "other", "me");
  const draft = opened.drafts.of();
  draft.enclose([new File(["a"], "a.png")]);
  leaveRoom(opened);
  expect(openRoom(mine, "other", "me").drafts.of()).toBe(draft);
  leaveRoom(opened);
  expect(close).not.toHaveBeenCalled();
  await settled();
  expect(draft.files.value).toMatchObject([{ fault: { code: "offline" } }]);
  expect(close).toHaveBeenCalled();
});
