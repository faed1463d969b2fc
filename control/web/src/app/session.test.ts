/** What somebody wrote in this browser goes when they go, however they do. */

import { beforeEach, expect, test, vi } from "vitest";
import { Failure } from "../chat/failure.ts";
import { Listeners } from "../chat/listeners.ts";
import type { SessionNews } from "../http/index.ts";
import { NOTHING, Unsaid } from "../room/unsaid.ts";
import { http } from "./http.ts";
import { leaveForGood, logOut, logOutEverywhere, visitor } from "./session.ts";

const asked = vi.hoisted(() => vi.fn());
vi.mock("./http.ts", () => {
  const news = new Listeners<SessionNews>();
  const end = (why: string) => news.tell({ kind: "out", why });
  return { ask: asked, http: { session: { news, end, logOut: vi.fn() } } };
});

const left = () => new Unsaid("me").draft("room");

beforeEach(() => {
  new Unsaid("me").leave("room", { text: "쓰다 만 말", files: [] });
  vi.mocked(http.session.logOut).mockImplementation(async () => http.session.end("left"));
});

test.each([
  ["logs out", logOut],
  ["logs out everywhere", logOutEverywhere],
  ["was logged out from another device", async () => http.session.end("session_revoked")],
])("nothing is left of whoever %s", async (_, go) => {
  await go();
  expect(visitor.value.kind).toBe("stranger");
  expect(left()).toEqual(NOTHING);
});

test("nothing is left of whose account is gone, though its session cannot be ended any more", async () => {
  vi.mocked(http.session.logOut).mockRejectedValue(new Failure("offline"));
  await leaveForGood();
  expect(left()).toEqual(NOTHING);
});

test("who is not let go is still here with all that they wrote", async () => {
  asked.mockRejectedValueOnce(new Failure("offline"));
  await expect(logOutEverywhere()).rejects.toMatchObject({ code: "offline" });
  expect(left().text).toBe("쓰다 만 말");
});

test("whose session lapsed finds what they wrote when they come back", () => {
  http.session.end("token_expired");
  expect(visitor.value.kind).toBe("stranger");
  expect(left().text).toBe("쓰다 만 말");
});
