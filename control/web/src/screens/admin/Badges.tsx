/** Which badges there are, by which rules, and who has them. */

import { useState } from "preact/hooks";
import { nameOfCategory } from "../../app/categories.ts";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { pathTo } from "../../app/routes.ts";
import { useTask } from "../../app/task.ts";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { Empty, Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import type { BadgeList, ListedBadge } from "../../wire/http.ts";
import { language } from "../../words/language.ts";
import { AdminPage } from "./AdminPage.tsx";
import { BadgeForm } from "./BadgeForm.tsx";
import { words } from "./words.ts";

export default function Badges() {
  const [asking, setAsking] = useState<ListedBadge | "new" | undefined>(undefined);
  const [retiring, setRetiring] = useState<ListedBadge | undefined>(undefined);
  const { state, reload, set } = useLoaded("badges", (signal) => ask("GET /api/v1/admin/badges", {}, signal));
  const put = (list: BadgeList) => set(() => list);
  const t = words.value;
  return (
    <AdminPage
      part="badges"
      acts={
        <Button kind="primary" icon="plus" onPress={() => setAsking("new")}>
          {t.add}
        </Button>
      }
    >
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && state.value.badges.length === 0 && (
        <Empty title={t.noBadges}>{t.noBadgesHint}</Empty>
      )}
      {state.kind === "ready" && (
        <ul class="list">
          {state.value.badges.map((each) => (
            <li key={each.key}>
              <Row
                badge={each}
                onEdit={() => setAsking(each)}
                onRetire={() => setRetiring(each)}
                onPut={put}
              />
            </li>
          ))}
        </ul>
      )}
      {asking !== undefined && (
        <BadgeForm
          badge={asking === "new" ? undefined : asking}
          onPut={put}
          onClose={() => setAsking(undefined)}
        />
      )}
      {retiring !== undefined && (
        <Sure
          title={retiring[language.value].name}
          label={t.retire}
          onSure={async () =>
            put(await ask("DELETE /api/v1/admin/badges/{key}", { path: { key: retiring.key } }))
          }
          onClose={() => setRetiring(undefined)}
        >
          {t.retireHint}
        </Sure>
      )}
    </AdminPage>
  );
}

interface RowProps {
  readonly badge: ListedBadge;
  readonly onEdit: () => void;
  readonly onRetire: () => void;
  readonly onPut: (list: BadgeList) => void;
}

function Row({ badge, onEdit, onRetire, onPut }: RowProps) {
  const again = useTask(async () => {
    const { key, ko, en, drawing, upload, position, rule } = badge;
    const body = { ko, en, drawing, upload, position, rule };
    onPut(await ask("PUT /api/v1/admin/badges/{key}", { path: { key }, body }));
  });
  const t = words.value;
  return (
    <div class="row admin-row">
      <img class="admin-badge" src={badge.picture} alt="" loading="lazy" />
      <span class="row-text">
        <span class="row-title cut">{badge[language.value].name}</span>
        <span class="small soft">{ruleOf(badge)}</span>
        {badge.arrears !== null && (
          <span class="small soft">{t.arrears(badge.arrears.done, badge.arrears.of)}</span>
        )}
      </span>
      {badge.retired && <span class="tag">{t.retired}</span>}
      <span class="admin-acts">
        <ButtonLink kind="quiet" href={pathTo("/admin/badges/:badge", { badge: badge.key })}>
          {t.holders}
        </ButtonLink>
        <Button kind="quiet" onPress={onEdit}>
          {t.edit}
        </Button>
        {badge.retired ? (
          <Button kind="quiet" busy={again.busy} onPress={() => again.run()}>
            {t.offerAgain}
          </Button>
        ) : (
          <Button kind="quiet" onPress={onRetire}>
            {t.retire}
          </Button>
        )}
      </span>
      <FaultNote fault={again.fault} />
    </div>
  );
}

/** By which rule it is awarded, in words. */
function ruleOf({ rule, places_left: left }: ListedBadge): string {
  const t = words.value;
  switch (rule.kind) {
    case "minutes":
      return t.ruleMinutes(rule.minutes, t.per(rule.per ?? "week"), aboutOf(rule.category));
    case "streak":
      return t.ruleStreak(rule.days, rule.minutes, aboutOf(rule.category));
    case "first":
      return t.ruleFirst(rule.people, left ?? 0);
    case "granted":
      return t.ruleGranted;
  }
}

function aboutOf(category: string | null | undefined): string {
  return category == null ? words.value.anyCategory : nameOfCategory(category);
}
