import { useEffect, useState } from "preact/hooks";
import { go, query } from "../../app/place.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { me, recognise } from "../../app/session.ts";
import { useTitle } from "../../app/title.ts";
import { ask, http } from "../../app/http.ts";
import { deviceName } from "../../http/index.ts";
import { ButtonLink } from "../../parts/Button.tsx";
import { FaultNote, Skeleton } from "../../parts/States.tsx";
import { say } from "../../parts/Toasts.tsx";
import "./gate-screens.css";
import { isProvider, newcomer } from "./providers.ts";
import { words } from "./words.ts";

/** Where a provider sends the browser back to: what it brings is exchanged, once, and the way goes on. */
export default function Social({ params }: ScreenProps) {
  useTitle(words.value.logIn);
  const provider = params["provider"] ?? "";
  const [fault, setFault] = useState<unknown>(undefined);
  useEffect(() => {
    const state = query.peek().get("state") ?? "";
    const code = query.peek().get("code") ?? "";
    goOn(provider, state, code).catch(setFault);
  }, []);
  if (fault === undefined) return <Skeleton rows={3} />;
  return (
    <div class="gate-form">
      <h1>{words.value.socialFailed}</h1>
      <FaultNote fault={fault} />
      {me.value === undefined ? (
        <ButtonLink href="/login">{words.value.toLogIn}</ButtonLink>
      ) : (
        <ButtonLink href="/me">{words.value.toMe}</ButtonLink>
      )}
    </div>
  );
}

async function goOn(provider: string, state: string, code: string): Promise<void> {
  if (query.peek().has("error")) {
    await recognise(); // they did not agree there (RFC 6749 §4.1.2.1), and are who they were
    say(words.value.declined);
    go(me.peek() === undefined ? "/login" : "/me", { instead: true });
    return;
  }
  const result = await ask("POST /api/v1/social", {
    body: { state, code, device: deviceName(navigator.userAgent), cookies: true },
  });
  if (result.sign_up !== null) {
    newcomer.value = isProvider(provider) ? { provider, ...result.sign_up } : undefined;
    await recognise();
    go("/signup", { instead: true });
    return;
  }
  if (result.tokens !== null) http.session.begin(result.tokens, undefined);
  await recognise();
  if (result.linked) say(words.value.linked);
  go(result.linked ? "/me" : "/", { instead: true });
}
