/**
 * Who is here: nobody, or a person with a session, whose chat is connected as long as it lives.
 *
 * The session itself is in cookies that no page can read, one for all tabs; what this browser knows of it, `src/http` keeps.
 */

import { computed, signal } from "@preact/signals";
import { openClient, socketBeside } from "../chat/browser.ts";
import type { Client, Standing } from "../chat/client.ts";
import { Failure } from "../chat/failure.ts";
import { deviceName, socketTokens } from "../http/index.ts";
import type { Account } from "../wire/http.ts";
import { forgetAll } from "../room/unsaid.ts";
import { language } from "../words/language.ts";
import { ask, http } from "./http.ts";

export type Visitor =
  | { readonly kind: "unknown" }
  | { readonly kind: "unreachable"; readonly fault: unknown }
  | { readonly kind: "stranger" }
  | { readonly kind: "member"; readonly account: Account };

/** Somebody ended the session, here or from another device: what they wrote goes with them. One that lapsed is come back to. */
const FAREWELLS: ReadonlySet<string> = new Set(["left", "session_revoked"]);

export const visitor = signal<Visitor>({ kind: "unknown" });
export const chat = signal<Client | undefined>(undefined);
export const standing = signal<Standing>({ kind: "connecting" });

/** My account; undefined for a stranger. */
export const me = computed(() => (visitor.value.kind === "member" ? visitor.value.account : undefined));

/** Whether I may, by one of the permissions that my roles grant. */
export function may(permission: string): boolean {
  return me.value?.permissions.includes(permission) ?? false;
}

let recognising: Promise<void> | undefined;

/** Find out who is here. */
export function recognise(): Promise<void> {
  recognising ??= look().finally(() => (recognising = undefined));
  return recognising;
}

async function look(): Promise<void> {
  if (http.session.kept === undefined) {
    becomeStranger();
    return;
  }
  try {
    enter(await ask("GET /api/v1/me"));
  } catch (fault) {
    if (fault instanceof Failure && !fault.temporary) becomeStranger();
    else visitor.value = { kind: "unreachable", fault };
  }
}

/** Log in; rejects with why not. */
export async function logIn(email: string, password: string): Promise<void> {
  await http.logIn(email, password, deviceName(navigator.userAgent));
  await recognise();
}

export async function logOut(): Promise<void> {
  await http.session.logOut();
}

/** End all my sessions, on this device and all others; rejects with why not. */
export async function logOutEverywhere(): Promise<void> {
  await ask("DELETE /api/v1/sessions");
  http.session.end("left");
}

/** My account is gone, and its sessions with it. */
export async function leaveForGood(): Promise<void> {
  await logOut().catch(() => undefined); // there is nothing left to log out of
  http.session.end("left");
}

/** My account is otherwise now. */
export function update(account: Account): void {
  visitor.value = { kind: "member", account };
}

function enter(account: Account): void {
  const before = me.peek()?.id;
  visitor.value = { kind: "member", account };
  if (before !== account.id || chat.peek() === undefined) reconnect();
}

/** Connect the chat anew: after a close that said not to come back, a person may want to try. */
export function reconnect(): void {
  hangUp();
  const url = socketBeside(location);
  const client = openClient({ url, tokens: socketTokens(http), language: language.peek() });
  standing.value = client.standing;
  client.standings.add((now) => {
    if (chat.peek() !== client) return;
    standing.value = now;
    if (now.kind === "stopped") void recognise(); // perhaps the session is over
  });
  chat.value = client;
}

function hangUp(): void {
  const client = chat.peek();
  chat.value = undefined;
  client?.stop();
}

function becomeStranger(): void {
  hangUp();
  visitor.value = { kind: "stranger" };
}

http.session.news.add((news) => {
  if (news.kind === "out") {
    becomeStranger();
    if (FAREWELLS.has(news.why)) forgetAll();
  } else if (news.kept.user !== me.peek()?.id) void recognise(); // another tab was first
});
language.subscribe((wanted) => chat.peek()?.speak(wanted));
