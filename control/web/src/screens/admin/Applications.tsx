/** Who would be a mentor, and the decision. */

import { useState } from "preact/hooks";
import { nameOfCategory } from "../../app/categories.ts";
import { ask } from "../../app/http.ts";
import { usePages } from "../../app/pages.ts";
import { ask as askPlace, query } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { useTask } from "../../app/task.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Button } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Field.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty, FaultNote } from "../../parts/States.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { Application } from "../../wire/http.ts";
import { dayAndTime, weekday } from "../../words/times.ts";
import { AdminPage } from "./AdminPage.tsx";
import { ReasonAsked } from "./ReasonAsked.tsx";
import { words } from "./words.ts";

const STATES = ["pending", "authorized", "rejected"] as const;

export default function Applications() {
  const state = STATES.find((each) => each === query.value.get("state")) ?? "pending";
  const pages = usePages(state, async (cursor, signal) => {
    const page = await ask("GET /api/v1/admin/mentor-applications", { query: { state, cursor } }, signal);
    return { items: page.applications, next: page.next };
  });
  const decided = (gone: Application) => pages.set((all) => all.filter(({ id }) => id !== gone.id));
  return (
    <AdminPage part="applications">
      <Choice
        label={words.value.state}
        value={state}
        options={STATES.map((value) => ({ value, label: words.value[value] }))}
        onChoice={(next) => askPlace({ state: next === "pending" ? null : next })}
      />
      <Paged
        pages={pages}
        empty={<Empty title={words.value.noApplications}>{words.value.noApplicationsHint}</Empty>}
      >
        {(applications) => (
          <ul class="admin-cards">
            {applications.map((each) => (
              <li key={each.id} class="card">
                <One application={each} onDecided={() => decided(each)} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </AdminPage>
  );
}

interface OneProps {
  readonly application: Application;
  readonly onDecided: () => void;
}

function One({ application, onDecided }: OneProps) {
  const [rejecting, setRejecting] = useState(false);
  const { person, company, department, hours, categories, certificates } = application;
  const path = { application: application.id };
  const approve = useTask(async () => {
    await ask("POST /api/v1/admin/mentor-applications/{application}/approve", { path });
    say(words.value.approved(person.nickname));
    onDecided();
  });
  const t = words.value;
  return (
    <>
      <header class="row">
        <Avatar name={person.nickname} picture={person.avatar} />
        <div class="row-text">
          <h2>
            <a href={pathTo("/admin/people/:person", { person: person.id })}>{person.nickname}</a>
          </h2>
          <p class="small soft figures">{dayAndTime(application.applied_at)}</p>
        </div>
      </header>
      <p>{[company, department].filter((each) => each !== "").join(" · ")}</p>
      <p class="admin-said">{application.introduction}</p>
      <p class="tags">
        {categories.map((each) => (
          <span key={each} class="tag">
            {nameOfCategory(each)}
          </span>
        ))}
      </p>
      {hours.length > 0 && (
        <p class="small soft figures">
          {hours.map(({ day, begins, ends }) => `${weekday(day)} ${begins}–${ends}`).join(", ")}
        </p>
      )}
      {certificates.length > 0 && (
        <ul class="admin-files" aria-label={t.certificates}>
          {certificates.map(({ id, name }) => (
            <li key={id}>
              <a href={`/api/v1/uploads/${id}/content`} target="_blank" rel="noreferrer">
                {name}
              </a>
            </li>
          ))}
        </ul>
      )}
      {application.reason !== "" && <p class="small">{t.because(application.reason)}</p>}
      {application.state === "pending" && (
        <>
          <FaultNote fault={approve.fault} />
          <div class="dialog-acts">
            <Button kind="danger" onPress={() => setRejecting(true)}>
              {t.reject}
            </Button>
            <Button kind="primary" busy={approve.busy} onPress={() => approve.run()}>
              {t.approve}
            </Button>
          </div>
        </>
      )}
      {rejecting && (
        <ReasonAsked
          title={t.rejectTitle(person.nickname)}
          hint={t.rejectHint}
          name="reason"
          required
          maxLength={500}
          label={t.reject}
          onReason={async (reason) => {
            await ask("POST /api/v1/admin/mentor-applications/{application}/reject", {
              path,
              body: { reason },
            });
            onDecided();
          }}
          onClose={() => setRejecting(false)}
        />
      )}
    </>
  );
}
