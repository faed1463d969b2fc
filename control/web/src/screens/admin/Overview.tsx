/** How many are here, and how many came and wrote, day by day. */

import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { Choice } from "../../parts/Field.tsx";
import { Failed, Skeleton } from "../../parts/States.tsx";
import type { Counters, DayCount } from "../../wire/http.ts";
import { count } from "../../words/times.ts";
import { AdminPage } from "./AdminPage.tsx";
import { Bars } from "./Bars.tsx";
import { words } from "./words.ts";

const SPANS = ["7", "30", "90"] as const;
type Span = (typeof SPANS)[number];
const MEASURES = ["users", "mentors", "questions", "answers", "posts", "matches"] as const;

export default function Overview() {
  const [span, setSpan] = useState<Span>("30");
  const { state, reload } = useLoaded(span, (signal) =>
    ask("GET /api/v1/admin/counters", { query: { since: daysAgo(Number(span) - 1) } }, signal),
  );
  return (
    <AdminPage part="counters">
      <Choice
        label={words.value.span}
        value={span}
        options={SPANS.map((value) => ({ value, label: words.value.days(Number(value)) }))}
        onChoice={setSpan}
      />
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && <Counted counters={state.value} />}
    </AdminPage>
  );
}

function Counted({ counters }: { readonly counters: Counters }) {
  const { days, online } = counters;
  return (
    <>
      <p class="admin-online">
        <strong class="figures">{online === null ? "–" : count(online.count)}</strong>
        <span class="soft">{online === null ? words.value.onlineUnknown : words.value.onlineNow}</span>
      </p>
      <ul class="admin-measures">
        {MEASURES.map((measure) => (
          <li key={measure} class="card">
            <h2>{words.value[measure]}</h2>
            <p class="admin-total figures">{count(sum(days, measure))}</p>
            <Bars values={days.map((each) => each[measure])} />
          </li>
        ))}
      </ul>
      <details>
        <summary>{words.value.byDay}</summary>
        <div class="admin-wide" tabIndex={0} role="region" aria-label={words.value.byDay}>
          <table class="admin-table figures">
            <thead>
              <tr>
                <th scope="col">{words.value.day}</th>
                {MEASURES.map((measure) => (
                  <th key={measure} scope="col">
                    {words.value[measure]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {[...days].reverse().map((each) => (
                <tr key={each.day}>
                  <th scope="row">{each.day}</th>
                  {MEASURES.map((measure) => (
                    <td key={measure}>{count(each[measure])}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
      <p class="small soft">{words.value.zone(counters.time_zone)}</p>
    </>
  );
}

function sum(days: readonly DayCount[], measure: (typeof MEASURES)[number]): number {
  return days.reduce((all, each) => all + each[measure], 0);
}

/** The day so many days before today, as `2026-11-21`. */
function daysAgo(days: number): string {
  const day = new Date();
  day.setDate(day.getDate() - days);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
