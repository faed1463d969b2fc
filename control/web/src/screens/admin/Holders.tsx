/** Who has a badge; and taking it back, where admins granted it. */

import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { usePages } from "../../app/pages.ts";
import { pathTo } from "../../app/routes.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { may } from "../../app/session.ts";
import { Button } from "../../parts/Button.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import type { Holder } from "../../wire/http.ts";
import { language } from "../../words/language.ts";
import { dayAndTime } from "../../words/times.ts";
import { AdminPage } from "./AdminPage.tsx";
import { words } from "./words.ts";

export default function Holders({ params }: ScreenProps) {
  const key = params["badge"] ?? "";
  const [taking, setTaking] = useState<Holder | undefined>(undefined);
  const badges = useLoaded("badges", (signal) => ask("GET /api/v1/admin/badges", {}, signal)).state;
  const pages = usePages(key, async (cursor, signal) => {
    const how = { path: { key }, query: { cursor } };
    const page = await ask("GET /api/v1/admin/badges/{key}/holders", how, signal);
    return { items: page.holders, next: page.next };
  });
  const badge = badges.kind === "ready" ? badges.value.badges.find((each) => each.key === key) : undefined;
  const mayTake = badge?.rule.kind === "granted" && may("badge.grant");
  const t = words.value;
  return (
    <AdminPage part="badges" title={badge?.[language.value].name ?? key} back="/admin/badges">
      <Paged pages={pages} empty={<Empty title={t.noHolders}>{t.noHoldersHint}</Empty>}>
        {(holders) => (
          <ul class="list">
            {holders.map((each) => (
              <li key={each.person.id} class="row admin-row">
                <span class="row-text">
                  <a class="row-title cut" href={pathTo("/admin/people/:person", { person: each.person.id })}>
                    {each.person.nickname}
                  </a>
                  <span class="small soft figures">
                    {dayAndTime(each.awarded_at)}
                    {each.by !== null && ` · ${each.by.nickname}`}
                    {each.note !== "" && ` · ${each.note}`}
                  </span>
                </span>
                {mayTake && (
                  <Button kind="quiet" onPress={() => setTaking(each)}>
                    {t.takeBack}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Paged>
      {taking !== undefined && (
        <Sure
          title={t.takeBackTitle(taking.person.nickname)}
          label={t.takeBack}
          onSure={async () => {
            const path = { key, person: taking.person.id };
            await ask("DELETE /api/v1/admin/badges/{key}/holders/{person}", { path });
            pages.set((all) => all.filter(({ person }) => person.id !== taking.person.id));
          }}
          onClose={() => setTaking(undefined)}
        >
          {t.takeBackHint}
        </Sure>
      )}
    </AdminPage>
  );
}
