import { nameOfCategory } from "../../app/categories.ts";
import { ask } from "../../app/http.ts";
import { usePages } from "../../app/pages.ts";
import { pathTo } from "../../app/routes.ts";
import { useTitle } from "../../app/title.ts";
import { ButtonLink } from "../../parts/Button.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import type { StayRecord } from "../../wire/http.ts";
import { clockTime, day, isSameDay } from "../../words/times.ts";
import { byDay, minutesOf } from "./days.ts";
import { MeWays } from "./MeWays.tsx";
import "./me.css";
import { lasted } from "./lasted.ts";
import { words } from "./words.ts";

/** When I entered and left rooms, the newest first, day by day. */
export default function Visits() {
  const t = words.value;
  useTitle(t.visits);
  const pages = usePages("visits", async (cursor, signal) => {
    const page = await ask("GET /api/v1/me/records/log", { query: { cursor } }, signal);
    return { items: page.stays, next: page.next };
  });
  return (
    <div class="page">
      <MeWays />
      <div>
        <h1>{t.visits}</h1>
        <p class="small soft">{t.visitsHint}</p>
      </div>
      <Paged
        pages={pages}
        empty={
          <Empty title={t.noVisits} act={<ButtonLink href="/rooms">{t.toRooms}</ButtonLink>}>
            {t.noVisitsHint}
          </Empty>
        }
      >
        {(stays) =>
          byDay(stays).map((ofDay) => (
            <section key={ofDay[0].entered_at} class="page-section">
              <h2 class="visits-day">{day(ofDay[0].entered_at)}</h2>
              <ul class="list">
                {ofDay.map((each) => (
                  <li key={`${each.room} ${each.entered_at}`}>
                    <Visit stay={each} />
                  </li>
                ))}
              </ul>
            </section>
          ))
        }
      </Paged>
    </div>
  );
}

function Visit({ stay }: { readonly stay: StayRecord }) {
  const t = words.value;
  const { room, title, category, entered_at, left_at } = stay;
  return (
    <div class="row">
      <span class="row-text">
        <span class="row-title cut">
          {title === null ? (
            <span class="soft">{t.leftRoom}</span>
          ) : (
            <a href={pathTo("/rooms/:room", { room })}>{title}</a>
          )}
        </span>
        <span class="small soft">{category === null ? t.noCategory : nameOfCategory(category)}</span>
      </span>
      <span class="visits-when small figures">
        <span>
          <time dateTime={new Date(entered_at).toISOString()}>{clockTime(entered_at)}</time> –{" "}
          {left_at === null ? (
            <span class="tag">{t.stillThere}</span>
          ) : (
            <time dateTime={new Date(left_at).toISOString()}>
              {isSameDay(entered_at, left_at) ? clockTime(left_at) : t.nextDay(clockTime(left_at))}
            </time>
          )}
        </span>
        {left_at !== null && <span class="soft">{lasted(minutesOf(entered_at, left_at))}</span>}
      </span>
    </div>
  );
}
