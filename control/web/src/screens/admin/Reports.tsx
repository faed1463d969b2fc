/** What people reported, and what becomes of it. */

import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { usePages } from "../../app/pages.ts";
import { ask as askPlace, query } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { Button } from "../../parts/Button.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import { Switch } from "../../parts/Switch.tsx";
import type { Report, Resolve, Somebody } from "../../wire/http.ts";
import { dayAndTime } from "../../words/times.ts";
import { AdminPage } from "./AdminPage.tsx";
import { ReasonAsked } from "./ReasonAsked.tsx";
import { words } from "./words.ts";

export default function Reports() {
  const resolved = query.value.get("resolved") === "yes";
  const pages = usePages(String(resolved), async (cursor, signal) => {
    const page = await ask("GET /api/v1/reports", { query: { resolved, cursor } }, signal);
    return { items: page.reports, next: page.next };
  });
  const t = words.value;
  return (
    <AdminPage part="reports">
      <Switch
        label={t.showResolved}
        on={resolved}
        onChange={(on) => askPlace({ resolved: on ? "yes" : null })}
      />
      <Paged pages={pages} empty={<Empty title={t.noReports}>{t.noReportsHint}</Empty>}>
        {(reports) => (
          <ul class="admin-cards">
            {reports.map((each) => (
              <li key={each.id} class="card">
                <One
                  report={each}
                  onResolved={() => pages.set((all) => all.filter(({ id }) => id !== each.id))}
                />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </AdminPage>
  );
}

interface OneProps {
  readonly report: Report;
  readonly onResolved: () => void;
}

function One({ report, onResolved }: OneProps) {
  const [asking, setAsking] = useState<Resolve["outcome"] | undefined>(undefined);
  const t = words.value;
  const where = placeOf(report);
  return (
    <>
      <header>
        <h2>
          {t.kinds(report.kind)} · {t.reasons(report.reason)}
        </h2>
        <p class="small soft figures">{dayAndTime(report.reported_at)}</p>
      </header>
      <p class="small">
        {report.person !== null && (
          <>
            {t.about} <Who person={report.person} /> ·{" "}
          </>
        )}
        {t.reporter} <Who person={report.reporter} />
      </p>
      {report.evidence !== "" && (
        <figure class="admin-evidence">
          <figcaption class="small soft">{t.evidence}</figcaption>
          <blockquote>{report.evidence}</blockquote>
        </figure>
      )}
      {report.words !== "" && <p class="admin-said">{report.words}</p>}
      {where !== undefined && (
        <p class="small">
          {t.where} {where.path === undefined ? where.title : <a href={where.path}>{where.title}</a>}
        </p>
      )}
      {report.outcome === null ? (
        <div class="dialog-acts">
          <Button onPress={() => setAsking("dismissed")}>{t.dismiss}</Button>
          <Button kind="danger" onPress={() => setAsking("upheld")}>
            {t.uphold}
          </Button>
        </div>
      ) : (
        <p class="small">
          {report.outcome === "upheld" ? t.upheld : t.dismissed}
          {report.resolved_by !== null && ` · ${report.resolved_by.nickname}`}
          {report.resolved_at !== null && ` · ${dayAndTime(report.resolved_at)}`}
          {report.note !== "" && ` · ${report.note}`}
        </p>
      )}
      {asking !== undefined && (
        <ReasonAsked
          title={asking === "upheld" ? t.uphold : t.dismiss}
          hint={asking === "upheld" ? t.upholdHint : t.dismissHint}
          name="note"
          required={false}
          maxLength={1000}
          label={asking === "upheld" ? t.uphold : t.dismiss}
          onReason={async (note) => {
            const path = { report: report.id };
            await ask("PUT /api/v1/reports/{report}/outcome", { path, body: { outcome: asking, note } });
            onResolved();
          }}
          onClose={() => setAsking(undefined)}
        />
      )}
    </>
  );
}

function Who({ person }: { readonly person: Somebody }) {
  return <a href={pathTo("/admin/people/:person", { person: person.id })}>{person.nickname}</a>;
}

/** Where it was said, as far as that has a page. */
function placeOf(report: Report): { readonly title: string; readonly path?: string } | undefined {
  const { room, question, class: course } = report;
  if (room !== null) return { title: room.title };
  if (question !== null) {
    return { title: question.title, path: pathTo("/questions/:question", { question: question.id }) };
  }
  if (course !== null) {
    return { title: course.title, path: pathTo("/classes/:class", { class: course.id }) };
  }
  return undefined;
}
