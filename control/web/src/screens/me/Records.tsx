import { nameOfCategory } from "../../app/categories.ts";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { ask as askPlace, query } from "../../app/place.ts";
import { theme } from "../../app/theme.ts";
import { useTitle } from "../../app/title.ts";
import { IconButton } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Field.tsx";
import { Empty, Failed, Skeleton } from "../../parts/States.tsx";
import type { Record } from "../../wire/http.ts";
import { language } from "../../words/language.ts";
import { dateOf } from "../../words/times.ts";
import { MeWays } from "./MeWays.tsx";
import "./me.css";
import { dayAfter, dayBefore } from "./days.ts";
import { lasted } from "./lasted.ts";
import { words } from "./words.ts";

const PERIODS = ["day", "week", "month", "year"] as const;

type Period = (typeof PERIODS)[number];

/** How long I was in rooms, as a picture and in words. */
export default function Records() {
  const t = words.value;
  useTitle(t.records);
  const period = PERIODS.find((each) => each === query.value.get("period")) ?? "week";
  const on = query.value.get("on");
  const { state, reload } = useLoaded(`${period} ${on}`, (signal) =>
    ask("GET /api/v1/me/records/{period}", { path: { period }, query: { on } }, signal),
  );
  const labels = { day: t.inDays, week: t.inWeeks, month: t.inMonths, year: t.inYears };
  return (
    <div class="page">
      <MeWays />
      <div>
        <h1>{t.records}</h1>
        <p class="small soft">{t.recordsHint}</p>
      </div>
      <Choice
        label={t.period}
        value={period}
        options={PERIODS.map((each) => ({ value: each, label: labels[each] }))}
        onChoice={(next) => askPlace({ period: next, on: null })}
      />
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && <Shown period={period} record={state.value} />}
    </div>
  );
}

interface ShownProps {
  readonly period: Period;
  readonly record: Record;
}

function Shown({ period, record }: ShownProps) {
  const t = words.value;
  const { first, last, minutes } = record;
  const said = (date: string) => dateOf(new Date(`${date}T00:00`).getTime());
  const look = theme.value === "system" ? "auto" : theme.value;
  const graph = new URLSearchParams({ on: first, theme: look, language: language.value });
  return (
    <>
      <div class="me-between">
        <IconButton icon="back" label={t.earlier} onPress={() => askPlace({ on: dayBefore(first) })} />
        <p class="figures">{first === last ? said(first) : `${said(first)} – ${said(last)}`}</p>
        <IconButton
          icon="forward"
          label={t.later}
          disabled={new Date(`${last}T23:59:59`).getTime() >= Date.now()}
          onPress={() => askPlace({ on: dayAfter(last) })}
        />
      </div>
      {minutes === 0 ? (
        <Empty title={t.noRecord}>{t.noRecordHint}</Empty>
      ) : (
        <section class="card records">
          <img
            class="records-graph"
            src={`/api/v1/me/records/${period}/graph.svg?${graph}`}
            alt={t.graph(said(first), said(last))}
          />
          <h2>{t.whole(lasted(minutes))}</h2>
          <dl class="facts records-facts figures">
            {record.categories.map((each) => [
              <dt key={`${each.category} name`}>
                {each.category === null ? t.noCategory : nameOfCategory(each.category)}
              </dt>,
              <dd key={`${each.category} time`}>{lasted(each.minutes)}</dd>,
            ])}
          </dl>
        </section>
      )}
    </>
  );
}
