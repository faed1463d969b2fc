import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useOnce } from "../../app/once.ts";
import { useNews } from "../../app/news.ts";
import { type Pages, usePages } from "../../app/pages.ts";
import { pathTo } from "../../app/routes.ts";
import { may, me } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { useTitle } from "../../app/title.ts";
import { useWritten } from "../../app/written.ts";
import { Back } from "../../parts/Back.tsx";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { Prose } from "../../parts/Prose.tsx";
import { Failed, Skeleton } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { Application } from "../../wire/http.ts";
import { dateOf } from "../../words/times.ts";
import { CategoryTags } from "../learn/CategoryChoice.tsx";
import { FilesField, PICTURES, type Sent as File } from "../learn/FilesField.tsx";
import "../learn/learn.css";
import { type Card, CardFields } from "./CardFields.tsx";
import { words } from "./words.ts";

/** To become a mentor: the form, or how it stands with what was sent. */
export default function Apply() {
  useTitle(words.value.applyTitle);
  const pages: Pages<Application> = usePages("applications", async (cursor, signal) => {
    const page = await ask("GET /api/v1/me/mentor-applications", { query: { cursor, limit: 20 } }, signal);
    return { items: page.applications, next: page.next };
  });
  const { items, fault, reload } = pages;
  useNews(({ type }) => type === "personal.application", reload);
  return (
    <div class="page">
      <Back to="/mentors" />
      <h1>{words.value.applyTitle}</h1>
      {items === undefined ? (
        fault === undefined ? (
          <Skeleton rows={3} />
        ) : (
          <Failed fault={fault} onAgain={reload} />
        )
      ) : (
        <Standing
          applications={items}
          onApplied={(made) => pages.set((before) => [made, ...before])}
          onWithdrawn={(id) => pages.set((before) => before.filter((each) => each.id !== id))}
        />
      )}
    </div>
  );
}

interface StandingProps {
  readonly applications: readonly Application[];
  readonly onApplied: (made: Application) => void;
  readonly onWithdrawn: (application: string) => void;
}

function Standing({ applications, onApplied, onWithdrawn }: StandingProps) {
  const t = words.value;
  const [newest, ...earlier] = applications;
  const isMentor = may("mentor.edit") || newest?.state === "authorized";
  const isOpen = !isMentor && newest?.state !== "pending";
  return (
    <>
      {isMentor && (
        <p>
          <ButtonLink kind="primary" href={pathTo("/mentors/:mentor", { mentor: me.value?.id ?? "" })}>
            {t.myPage}
          </ButtonLink>
        </p>
      )}
      {newest !== undefined && <Sent application={newest} onWithdrawn={onWithdrawn} />}
      {isOpen && <NewApplication onApplied={onApplied} />}
      {earlier.length > 0 && (
        <section class="page-section">
          <h2>{t.earlier}</h2>
          {earlier.map((each) => (
            <Sent key={each.id} application={each} onWithdrawn={onWithdrawn} />
          ))}
        </section>
      )}
    </>
  );
}

interface SentProps {
  readonly application: Application;
  readonly onWithdrawn: (application: string) => void;
}

/** What was sent, and what became of it. */
function Sent({ application, onWithdrawn }: SentProps) {
  const t = words.value;
  const [asked, setAsked] = useState(false);
  const { id, state, reason, company, applied_at, decided_at } = application;
  return (
    <section class="card">
      <h2>{t[state]}</h2>
      <p>{company}</p>
      <p class="tags">
        <CategoryTags of={application.categories} />
      </p>
      {reason !== "" && <Prose text={t.reason(reason)} />}
      <p class="small soft figures">
        {t.appliedAt(dateOf(applied_at))}
        {decided_at !== null && ` · ${t.decidedAt(dateOf(decided_at))}`}
      </p>
      {state === "pending" && (
        <div>
          <Button kind="danger" onPress={() => setAsked(true)}>
            {t.withdraw}
          </Button>
        </div>
      )}
      {asked && (
        <Sure
          title={t.withdrawSure}
          label={t.withdraw}
          onClose={() => setAsked(false)}
          onSure={async () => {
            await ask("DELETE /api/v1/me/mentor-applications/{application}", { path: { application: id } });
            onWithdrawn(id);
          }}
        >
          {t.withdrawHint}
        </Sure>
      )}
    </section>
  );
}

interface Applying extends Card {
  readonly company: string;
  readonly department: string;
  readonly files: readonly File[];
}

const NOTHING: Applying = {
  company: "",
  department: "",
  introduction: "",
  hours: [],
  categories: [],
  files: [],
};

function NewApplication({ onApplied }: { readonly onApplied: (made: Application) => void }) {
  const t = words.value;
  const written = useWritten("mentor-application", NOTHING);
  const { put } = written;
  const { company, department, files, ...card } = written.value.value;
  const once = useOnce();
  const task = useTask(async () => {
    const certificates = files.map((each) => each.id);
    const body = { company, department, ...card, certificates };
    onApplied(await once(body, (named) => ask("POST /api/v1/me/mentor-applications", { body: named })));
    written.clear();
    say(t.sent);
  });
  const { fields } = said(task.fault);
  return (
    <Form task={task} act={t.send} kind="card" written={written}>
      <p class="soft">{t.applyHint}</p>
      <Field
        label={t.company}
        name="company"
        autoComplete="organization"
        required
        maxLength={60}
        value={company}
        fault={fields["company"]}
        onText={(company) => put({ company })}
      />
      <Field
        label={t.department}
        name="department"
        autoComplete="off"
        maxLength={60}
        value={department}
        fault={fields["department"]}
        onText={(department) => put({ department })}
      />
      <CardFields card={card} faults={fields} onCard={put} />
      <FilesField
        label={t.certificates}
        hint={t.certificatesHint}
        purpose="certificate"
        accept={`${PICTURES},application/pdf`}
        most={10}
        files={files}
        onFiles={(files) => put({ files })}
      />
    </Form>
  );
}
