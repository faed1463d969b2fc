/** Those who can vouch for somebody, and what a sign-up takes over from them. */

import { signal } from "@preact/signals";
import { ask } from "../../app/http.ts";
import { language } from "../../words/language.ts";
import type { Ownership, SocialProviders, SocialSignUp } from "../../wire/http.ts";

export type Provider = SocialProviders["providers"][number];

const NAMES: Readonly<Record<Provider, { readonly ko: string; readonly en: string }>> = {
  kakao: { ko: "카카오", en: "Kakao" },
  google: { ko: "구글", en: "Google" },
  naver: { ko: "네이버", en: "Naver" },
  "42": { ko: "42", en: "42" },
};

export function nameOf(provider: Provider): string {
  return NAMES[provider][language.value];
}

export interface Newcomer extends SocialSignUp {
  readonly provider: Provider;
}

/** Whoever came from a provider and has no account yet; gone when the page is. */
export const newcomer = signal<Newcomer | undefined>(undefined);

export function isProvider(name: string): name is Provider {
  return name in NAMES;
}

/** Go to a provider for it to vouch for me, the owner, from now on; it sends the browser back in the same way. */
export async function linkTo(provider: Provider, owner: Ownership): Promise<void> {
  const attempt = await ask("POST /api/v1/me/social/{provider}", {
    path: { provider },
    body: { cookies: true, ...owner },
  });
  location.assign(attempt.url);
}

/** Go to a provider, which sends the browser back to `/social/…`. */
export async function goTo(provider: Provider): Promise<void> {
  const attempt = await ask("POST /api/v1/social/{provider}", {
    path: { provider },
    body: { cookies: true },
  });
  location.assign(attempt.url);
}
