/**
 * Who is here: nobody, or a person with a session, whose chat is connected as long as it lives.
 *
 * The session itself is in cookies that no page can read, one for all tabs; what this browser knows of it, `src/http` keeps.
 */

import { computed, signal } from "@preact/signals";
import { openClient, socketBeside } from "../chat/browser.ts";
import type { Client, Standing } from "../chat/client.ts";
import { Failure } from "../chat/failure.ts";
import { socketTokens } from "../http/index.ts";
import type { Account } from "../wire/http.ts";
import { language } from "../words/language.ts";
import { ask, http } from "./http.ts";

export type Visitor =
  | { readonly kind: "unknown" }
  | { readonly kind: "unreachable"; readonly fault: unknown }
  | { readonly kind: "stranger" }
  | { readonly kind: "member"; readonly account: Account };

export const visitor = signal<Visitor>({ kind: "unknown" });
export const chat = signal<Client | undefined>(undefined);
export const standing = signal<Standing>({ kind: "connecting" });

/** My account; undefined for a stranger. */
export const me = computed(() => (visitor.value.kind === "member" ? visitor.value.account : undefined));

/** Whether I may, by one of the permissions that my roles grant. */
export function may(permission: string): boolean {
  return me.value?.permissions.includes(permission) ?? false;
}

/** Find out who is here. */
export async function recognise(): Promise<void> {
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
  await http.logIn(email, password);
  enter(await ask("GET /api/v1/me"));
}

export async function logOut(): Promise<void> {
  await http.session.logOut();
  becomeStranger();
}

/** My account is otherwise now. */
export function update(account: Account): void {
  visitor.value = { kind: "member", account };
}

function enter(account: Account): void {
  const isSame = me.peek()?.id === account.id && chat.peek()?.standing.kind !== "stopped";
  visitor.value = { kind: "member", account };
  if (!isSame || chat.peek() === undefined) connect();
}

function connect(): void {
  chat.peek()?.stop();
  const url = socketBeside(location);
  const client = openClient({ url, tokens: socketTokens(http), language: language.peek() });
  standing.value = client.standing;
  client.standings.add((now) => {
    if (chat.peek() === client) standing.value = now;
  });
  chat.value = client;
}

function becomeStranger(): void {
  chat.peek()?.stop();
  chat.value = undefined;
  visitor.value = { kind: "stranger" };
}

http.session.news.add(({ kind }) => {
  if (kind === "out") becomeStranger();
  else if (visitor.peek().kind === "stranger") void recognise();
});
language.subscribe((wanted) => chat.peek()?.speak(wanted));
