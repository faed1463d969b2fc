import { expect, test } from "vitest";
import { CLOSES } from "../wire/limits.ts";
import { CAP_MS, Comeback } from "./comeback.ts";

const most = () => new Comeback(() => 1);
const wait = (next: ReturnType<Comeback["after"]>) => ("backInMs" in next ? next.backInMs : NaN);

test("each failure in a row doubles what may be waited, up to the cap", () => {
  const comeback = most();
  const waits = Array.from({ length: 12 }, () => wait(comeback.after({ why: "lost" })));
  expect(waits.slice(0, 4)).toEqual([100, 200, 400, 800]);
  expect(waits.at(-1)).toBe(CAP_MS);
});

test("those who lost a server together do not return together", () => {
  const waits = [0, 0.25, 0.75].map((luck) =>
    wait(new Comeback(() => luck).after({ why: "lost", afterMs: 500 })),
  );
  expect(waits).toEqual([500, 525, 575]);
});

test("a connection that lived shows that the server is well", () => {
  const comeback = most();
  for (let i = 0; i < 5; i += 1) comeback.after({ why: "lost" });
  expect(wait(comeback.after({ why: "lost", livedMs: 5_000 }))).toBe(100);
});

test("every close code is obeyed: who may come back does, who may not does not", () => {
  for (const [code, { name, comeBack }] of Object.entries(CLOSES)) {
    const comeback = most();
    const cured = ["bad_token", "session_revoked"].includes(name);
    const first = comeback.after({ why: "closed", code: Number(code) });
    expect("stop" in first).toBe(!comeBack && !cured);
    if (!comeBack) expect(comeback.after({ why: "closed", code: Number(code) })).toEqual({ stop: name });
  }
});

test("a refused token is forgiven once for each that was accepted", () => {
  const comeback = most();
  const refused = { why: "bad_token", code: 4500 };
  expect(comeback.after(refused)).toEqual({ backInMs: 0, newToken: true });
  comeback.welcomed();
  expect(comeback.after(refused)).toEqual({ backInMs: 0, newToken: true });
  expect(comeback.after(refused)).toEqual({ stop: "bad_token" });
});

test("a token that expired is replaced", () => {
  expect(most().after({ why: "token_expired", code: 4005 })).toMatchObject({ newToken: true });
});
