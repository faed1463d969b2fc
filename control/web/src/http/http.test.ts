/** Control over HTTP: what is asked again and what is not, and that no refresh token is ever used twice. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Failure } from "../chat/failure.ts";
import { Http } from "./client.ts";
import { address, Problem } from "./exchange.ts";
import { type Lock, leaseLock, type Store } from "./lock.ts";
import { Session, type SessionNews } from "./session.ts";
import { socketTokens } from "./tokens.ts";

const LIFE_MS = 900_000;

/** A control in a few lines: cookies of one browser, refresh tokens that are good once, answers that a test prepares. */
class Control {
  now = 1_700_000_000_000;
  /** How far this browser's clock is off. */
  skew = 0;
  endsAt = -Infinity;
  refreshed = 0;
  refreshing = 0;
  reused = false;
  over = false;
  away = false;
  /** How many answers to refreshes are lost on their way. */
  lost = 0;
  readonly asked: { method: string; url: string; init: RequestInit }[] = [];
  readonly prepared: (Response | Error)[] = [];
  readonly store: { -readonly [name in keyof Store]: Store[name] } & { readonly all: Map<string, string> };

  constructor() {
    const all = new Map<string, string>();
    this.store = {
      all,
      getItem: (key) => all.get(key) ?? null,
      setItem: (key, value) => void all.set(key, value),
      removeItem: (key) => void all.delete(key),
    };
  }

  readonly fetch = async (url: string, init: RequestInit): Promise<Response> => {
    this.asked.push({ method: init.method!, url, init });
    await Promise.resolve();
    if (this.away) throw new TypeError("no network");
    if (init.signal?.aborted) throw init.signal.reason;
    if (url.endsWith("/sessions/refresh")) return this.#refresh();
    const prepared = this.prepared.shift();
    if (prepared instanceof Error) throw prepared;
    if (prepared) return prepared;
    if (url.endsWith("/sessions")) return this.#tokens(201);
    if (this.over) return problem(401, "session_revoked");
    if (this.now >= this.endsAt) return problem(401, "unauthenticated");
    return json(
      200,
      url.endsWith("socket-tokens") ? { token: "for the socket", expires_at: 1 } : { said: url },
    );
  };

  async #refresh(): Promise<Response> {
    this.reused ||= this.refreshing > 0;
    this.refreshing += 1;
    for (let i = 0; i < 5; i += 1) await Promise.resolve();
    this.refreshing -= 1;
    this.refreshed += 1;
    const answer = this.over ? problem(401, "session_revoked") : this.#tokens(200);
    if (this.lost-- > 0) throw new TypeError("network changed");
    return answer;
  }

  #tokens(status: number): Response {
    this.endsAt = this.now + LIFE_MS;
    const tokens = {
      user: "u",
      session: "s",
      access_expires_at: this.endsAt,
      refresh_expires_at: this.endsAt,
    };
    return json(status, tokens, this.now);
  }

  tab(lock: Lock): Http {
    const place = { fetch: this.fetch as typeof fetch, base: "", language: () => "ko" as const };
    const passes = async (ms: number) => void (this.now += ms);
    const session = new Session(place, this.store, lock, () => this.now + this.skew, passes);
    return new Http(place, session, passes, () => 0.5);
  }
}

function json(status: number, body: unknown, at: number = 0): Response {
  const headers = { "content-type": "application/json", date: new Date(at).toUTCString() };
  return new Response(JSON.stringify(body), { status, headers });
}

function problem(status: number, code: string, more: object = {}): Response {
  const headers = { "content-type": "application/problem+json" };
  return new Response(JSON.stringify({ code, title: code, status, ...more }), { status, headers });
}

function oneAtATime(): Lock {
  let last: Promise<unknown> = Promise.resolve();
  return <T>(_: string, work: () => Promise<T>) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

async function loggedIn(): Promise<{ control: Control; http: Http; lock: Lock }> {
  const control = new Control();
  const lock = oneAtATime();
  const http = control.tab(lock);
  await http.logIn("haneul@example.com", "secret");
  return { control, http, lock };
}

const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (fault: Failure) => fault.code,
  );

describe("an address", () => {
  test("has its parameters in it, whatever they are made of", () => {
    expect(address("/rooms/{room}/x", { room: "a/b?c" })).toBe("/rooms/a%2Fb%3Fc/x");
  });

  test("says each of a list, and nothing of what is not there", () => {
    const query = { tags: ["a", "b c"], limit: 5, cursor: undefined, text: null };
    expect(address("/rooms", {}, query)).toBe("/rooms?tags=a&tags=b+c&limit=5");
  });
});

describe("what is asked", () => {
  test("goes with the cookie of our own pages, in the person's language", async () => {
    const { control, http } = await loggedIn();
    await http.ask("PATCH /api/v1/me", { body: {} });
    const { init, method } = control.asked.at(-1)!;
    expect(method).toBe("PATCH");
    expect(init.credentials).toBe("same-origin");
    expect(init.headers).toMatchObject({ "accept-language": "ko", "content-type": "application/json" });
  });

  test("is refused with the code, and with what is wrong where", async () => {
    const { control, http } = await loggedIn();
    control.prepared.push(problem(422, "invalid", { fields: { nickname: "2 to 20" }, request_id: "r" }));
    const refusal = await http.ask("PATCH /api/v1/me", { body: {} }).catch((fault: unknown) => fault);
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({
      code: "invalid",
      fields: { nickname: "2 to 20" },
      requestId: "r",
      status: 422,
    });
  });

  test("is asked again when it is a read and the moment was bad", async () => {
    const { control, http } = await loggedIn();
    const wait = { temporary: true, retry_after_ms: 700 };
    control.prepared.push(new TypeError("no network"), problem(503, "unavailable", wait));
    const before = control.now;
    expect(await http.ask("GET /api/v1/me")).toEqual({ said: "/api/v1/me" });
    expect(control.now - before).toBeGreaterThanOrEqual(700);
  });

  test("is not asked again when it may have been carried out", async () => {
    const { control, http } = await loggedIn();
    control.prepared.push(new TypeError("no network"));
    expect(await codeOf(http.ask("PATCH /api/v1/me", { body: {} }))).toBe("offline");
    expect(control.asked).toHaveLength(2);
  });

  test("is not asked for ever, nor when nobody would wait so long", async () => {
    const { control, http } = await loggedIn();
    for (let i = 0; i < 9; i += 1) control.prepared.push(new TypeError("no network"));
    expect(await codeOf(http.ask("GET /api/v1/me"))).toBe("offline");
    expect(control.prepared).toHaveLength(5);
    control.prepared.splice(0, 9, problem(429, "rate_limited", { temporary: true, retry_after_ms: 60_000 }));
    expect(await codeOf(http.ask("GET /api/v1/me"))).toBe("rate_limited");
  });

  test("is given up when nobody wants it any more", async () => {
    const { http } = await loggedIn();
    const gone = new Error("left the page");
    await expect(http.wish("GET /api/v1/me", {}, { signal: AbortSignal.abort(gone) })).rejects.toBe(gone);
  });

  test("may be answered by what is no problem of ours: a proxy's page", async () => {
    const { control, http } = await loggedIn();
    for (let i = 0; i < 4; i += 1)
      control.prepared.push(new Response("<h1>Bad Gateway</h1>", { status: 502 }));
    expect(await codeOf(http.ask("GET /api/v1/me"))).toBe("unavailable");
  });
});

describe("the session", () => {
  test("is renewed before it is asked with a token that ended, by the server's clock", async () => {
    const { control, http } = await loggedIn();
    control.now += LIFE_MS - 5_000;
    await http.ask("GET /api/v1/me");
    expect(control.asked.map(({ url }) => url).slice(1)).toEqual(["/api/v1/sessions/refresh", "/api/v1/me"]);
    expect(control.asked[1]!.init.keepalive).toBe(true);
  });

  test("is right by a clock that is hours off", async () => {
    const control = new Control();
    control.skew = -7_200_000;
    const http = control.tab(oneAtATime());
    await http.logIn("haneul@example.com", "secret");
    await http.ask("GET /api/v1/me");
    expect(control.refreshed).toBe(0);
  });

  test("is renewed when a token is refused, and what was refused is asked again", async () => {
    const { control, http } = await loggedIn();
    control.endsAt = 0; // the cookie is gone
    expect(await http.ask("PATCH /api/v1/me", { body: {} })).toEqual({ said: "/api/v1/me" });
    expect(control.refreshed).toBe(1);
  });

  test("that is over is over in every tab", async () => {
    const { control, http, lock } = await loggedIn();
    const other = control.tab(lock);
    const heard: SessionNews[] = [];
    other.session.news.add((news) => heard.push(news));
    control.over = true;
    control.endsAt = 0;
    expect(await codeOf(http.ask("GET /api/v1/me"))).toBe("session_revoked");
    other.session.changed("madang.session");
    expect(heard).toEqual([{ kind: "out", why: "elsewhere" }]);
    expect(http.session.kept).toBeUndefined();
  });

  test("is not over because the server could not be reached", async () => {
    const { control, http } = await loggedIn();
    control.away = true;
    expect(await codeOf(http.session.renew())).toBe("offline");
    expect(http.session.kept?.user).toBe("u");
    control.away = false;
    await http.session.renew();
    expect(http.session.kept?.number).toBe(2);
  });

  test("goes on when the answer to its renewal was lost, within the grace that an old token has", async () => {
    const { control, http } = await loggedIn();
    const before = control.now;
    control.endsAt = 0;
    control.lost = 2;
    expect(await http.ask("PATCH /api/v1/me", { body: {} })).toEqual({ said: "/api/v1/me" });
    expect(control.refreshed).toBe(3);
    expect(control.now - before).toBeLessThan(2_000);
    control.lost = 9;
    expect(await codeOf(http.session.renew())).toBe("offline");
    expect(control.refreshed).toBe(6);
  });

  test("is left in one request, and nobody is logged in then", async () => {
    const { control, http } = await loggedIn();
    control.prepared.push(new Response(null, { status: 204 }));
    await http.session.logOut();
    expect(control.asked.at(-1)!.url).toBe("/api/v1/sessions/logout");
    expect(http.session.kept).toBeUndefined();
    expect(await codeOf(socketTokens(http).forVisit(false))).toBe("unauthenticated");
  });

  test("gives a live socket a token of its own", async () => {
    const { http } = await loggedIn();
    expect(await socketTokens(http).forRenewal()).toBe("for the socket");
    expect(await socketTokens(http).forVisit(false)).toBeUndefined();
  });

  test("is renewed once however many tabs find it ended, in whatever order", async () => {
    const tabs = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(tabs, fc.nat({ max: 2 }), async (askers, lapses) => {
        const { control, http, lock } = await loggedIn();
        const all = [http, control.tab(lock), control.tab(lock), control.tab(lock)];
        for (let lapse = 0; lapse <= lapses; lapse += 1) {
          control.now += LIFE_MS;
          const answers = askers.map((tab) => all[tab]!.ask("GET /api/v1/me"));
          for (const answer of await Promise.all(answers)) expect(answer).toEqual({ said: "/api/v1/me" });
          expect(control.refreshed).toBe(lapse + 1);
        }
        expect(control.reused).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a lock by lease", () => {
  function leases(): { lock: Lock; control: Control } {
    const control = new Control();
    const wait = async (ms: number) => {
      await new Promise((awake) => setTimeout(awake, 0));
      control.now += ms / 4; // those who wait, wait side by side
    };
    return { lock: leaseLock(control.store, () => control.now, wait), control };
  }

  /** Work that fails when it is done twice at once. */
  function alone(): () => Promise<void> {
    let inside = 0;
    return async () => {
      inside += 1;
      expect(inside).toBe(1);
      await new Promise((awake) => setTimeout(awake, 1));
      inside -= 1;
    };
  }

  test("lets one in at a time", async () => {
    const { lock } = leases();
    const work = alone();
    await Promise.all([lock("x", work), lock("x", work), lock("x", work)]);
  });

  test("lets one in of two who took it in the same moment", async () => {
    const { lock, control } = leases();
    const { getItem } = control.store;
    let early = 2; // looks, before either has written
    control.store.getItem = (key) => (early-- > 0 ? null : getItem(key));
    const work = alone();
    await Promise.all([lock("x", work), lock("x", work)]);
  });

  test("is given up when its holder died", async () => {
    const { lock, control } = leases();
    control.store.setItem("lock:x", `somebody ${control.now + 5_000}`);
    const before = control.now;
    expect(await lock("x", async () => "done")).toBe("done");
    expect(control.now - before).toBeGreaterThanOrEqual(5_000);
    expect(control.store.getItem("lock:x")).toBeNull();
  });

  test("is let go of by who failed", async () => {
    const { lock, control } = leases();
    const failing = lock("x", () => Promise.reject(new Failure("offline")));
    await expect(failing).rejects.toMatchObject({ code: "offline" });
    expect(control.store.getItem("lock:x")).toBeNull();
  });
});
