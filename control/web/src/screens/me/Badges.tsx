import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { useNews } from "../../app/news.ts";
import { useTask } from "../../app/task.ts";
import { useTitle } from "../../app/title.ts";
import { Button } from "../../parts/Button.tsx";
import { Empty, Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import type { MyBadge } from "../../wire/http.ts";
import { language } from "../../words/language.ts";
import { count, dateOf } from "../../words/times.ts";
import { lasted } from "./lasted.ts";
import { MeWays } from "./MeWays.tsx";
import "./me.css";
import { words } from "./words.ts";

/** The badges that I have and those that I may earn yet; one of them is on my profile. */
export default function Badges() {
  const t = words.value;
  useTitle(t.badges);
  const { state, reload } = useLoaded("badges", (signal) => ask("GET /api/v1/me/badges", {}, signal));
  useNews((news) => news.type === "personal.badge", reload);
  const wear = useTask(async (badge: string | null) => {
    await ask("PATCH /api/v1/me/profile", { body: { badge } });
    reload();
  });
  return (
    <div class="page">
      <MeWays />
      <div>
        <h1>{t.badges}</h1>
        <p class="small soft">{t.badgesHint}</p>
      </div>
      <FaultNote fault={wear.fault} />
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && state.value.badges.length === 0 && (
        <Empty title={t.noBadges}>{t.noBadgesHint}</Empty>
      )}
      {state.kind === "ready" && state.value.badges.length > 0 && (
        <ul class="list">
          {state.value.badges.map((each) => (
            <li key={each.key}>
              <Row badge={each} busy={wear.busy} onWear={wear.run} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface RowProps {
  readonly badge: MyBadge;
  readonly busy: boolean;
  readonly onWear: (badge: string | null) => void;
}

function Row({ badge, busy, onWear }: RowProps) {
  const t = words.value;
  const { key, picture, awarded_at, shown, progress, note } = badge;
  const { name, about } = badge[language.value];
  return (
    <div class="row badge-row">
      <img class={awarded_at === null ? "badge-picture badge-away" : "badge-picture"} src={picture} alt="" />
      <span class="row-text">
        <span class="row-title">
          {name} {shown && <span class="tag">{t.worn}</span>}
        </span>
        <span class="small soft">{about}</span>
        {note !== "" && <span class="small soft">{note}</span>}
        {awarded_at !== null && <span class="small soft figures">{t.earned(dateOf(awarded_at))}</span>}
        {awarded_at === null && progress !== null && (
          <span class="badge-progress figures small soft">
            <progress value={progress.done} max={progress.of} aria-label={name} />
            {t.progress(measured(badge, progress.done), measured(badge, progress.of))}
          </span>
        )}
      </span>
      {awarded_at !== null && (
        <Button kind="quiet" busy={busy} onPress={() => onWear(shown ? null : key)}>
          {shown ? t.wearOff : t.wear}
        </Button>
      )}
    </div>
  );
}

/** So much of what a badge is earned by. */
function measured({ rule }: MyBadge, amount: number): string {
  if (rule.kind === "minutes") return lasted(amount);
  return rule.kind === "streak" ? words.value.days(amount) : count(amount);
}
