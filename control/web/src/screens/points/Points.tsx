import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useNews } from "../../app/news.ts";
import { usePages } from "../../app/pages.ts";
import { pathTo } from "../../app/routes.ts";
import { ButtonLink } from "../../parts/Button.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import type { PointEntry } from "../../wire/http.ts";
import { language } from "../../words/language.ts";
import { count, dayAndTime } from "../../words/times.ts";
import { LearnHead } from "../learn/LearnHead.tsx";
import "./points.css";
import { words } from "./words.ts";

/** How many points I have, and how that came. */
export default function Points() {
  const t = words.value;
  const [balance, setBalance] = useState<number>();
  const pages = usePages("points", async (cursor, signal) => {
    const page = await ask("GET /api/v1/me/points", { query: { cursor } }, signal);
    setBalance(page.balance);
    return { items: page.entries, next: page.next };
  });
  useNews(({ type }) => type === "personal.board" || type === "personal.class", pages.reload);
  return (
    <div class="page">
      <LearnHead title={t.title} />
      {balance !== undefined && (
        <section class="card">
          <h2 class="small soft">{t.balance}</h2>
          <p class="points-balance figures">{t.points(count(balance))}</p>
        </section>
      )}
      <section class="page-section" aria-labelledby="history">
        <h2 id="history">{t.history}</h2>
        <Paged pages={pages} empty={<Nothing />}>
          {(entries) => (
            <ul class="list">
              {entries.map((each) => (
                <li key={`${each.transfer} ${each.balance}`}>
                  <Row entry={each} />
                </li>
              ))}
            </ul>
          )}
        </Paged>
      </section>
    </div>
  );
}

function Nothing() {
  const t = words.value;
  return (
    <Empty title={t.none} act={<ButtonLink href="/questions?order=unanswered">{t.toQuestions}</ButtonLink>}>
      {t.noneHint}
    </Empty>
  );
}

function Row({ entry }: { readonly entry: PointEntry }) {
  const t = words.value;
  const to = wayTo(entry);
  return (
    <div class="row">
      <span class="row-text">
        <span class="row-title">{t[entry.kind]}</span>
        {entry.title !== null &&
          (to === undefined ? <span>{entry.title}</span> : <a href={to}>{entry.title}</a>)}
        {entry.note !== "" && <span class="small">{entry.note}</span>}
        <time class="small soft figures" dateTime={new Date(entry.at).toISOString()}>
          {dayAndTime(entry.at)}
        </time>
      </span>
      <span class="points-amount figures">
        <span class={entry.points > 0 ? "points-came" : undefined}>{signed(entry.points)}</span>
        <span class="small soft">{t.after(count(entry.balance))}</span>
      </span>
    </div>
  );
}

/** To what it was about. */
function wayTo({ kind, subject, question }: PointEntry): string | undefined {
  if (question !== null) return pathTo("/questions/:question", { question });
  if (subject === null || kind === "grant" || kind === "reward") return undefined;
  return pathTo("/classes/:class", { class: subject });
}

/** +300 */
function signed(points: number): string {
  return new Intl.NumberFormat(language.value, { signDisplay: "exceptZero" }).format(points);
}
