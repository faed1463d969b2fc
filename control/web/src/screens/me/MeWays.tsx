import { may } from "../../app/session.ts";
import { Ways } from "../../parts/Ways.tsx";
import { words } from "./words.ts";

/** The ways between what is mine. */
export function MeWays() {
  const t = words.value;
  const ways = [
    ["/me", t.title],
    ["/me/records", t.records],
    ["/me/visits", t.visits],
    ["/me/badges", t.badges],
    ...(may("bot.create") ? [["/me/bots", t.bots] as const] : []),
  ] as const;
  return <Ways label={t.title} ways={ways} />;
}
