/** One person, as admins see them, and what they may do about them. */

import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { pathTo } from "../../app/routes.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { may, me } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Chips } from "../../parts/Chips.tsx";
import { Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { PersonPage, SetRoles, Standing } from "../../wire/http.ts";
import { count, dayAndTime } from "../../words/times.ts";
import { AdminPage } from "./AdminPage.tsx";
import { GrantBadge } from "./GrantBadge.tsx";
import { Points } from "./Points.tsx";
import { ReasonAsked } from "./ReasonAsked.tsx";
import { words } from "./words.ts";

type Roles = SetRoles["roles"];
const GIVEN = ["mentor", "admin"] as const;

export default function AdminPerson({ params }: ScreenProps) {
  const person = params["person"] ?? "";
  const { state, reload, set } = useLoaded(person, (signal) =>
    ask("GET /api/v1/admin/people/{person}", { path: { person } }, signal),
  );
  const title = state.kind === "ready" ? state.value.nickname : words.value.people;
  return (
    <AdminPage part="people" title={title} back="/admin/people">
      {state.kind === "loading" && <Skeleton rows={4} />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && <Known person={state.value} onChange={(next) => set(() => next)} />}
    </AdminPage>
  );
}

interface KnownProps {
  readonly person: PersonPage;
  readonly onChange: (person: PersonPage) => void;
}

function Known({ person, onChange }: KnownProps) {
  const isMe = person.id === me.value?.id;
  return (
    <>
      <Facts person={person} />
      {isMe ? (
        <p class="soft">{words.value.notOneself}</p>
      ) : (
        <>
          <RolesOf person={person} onChange={onChange} />
          <Standings person={person} onChange={onChange} />
        </>
      )}
      {may("points.grant") && <Points person={person.id} />}
      {may("badge.grant") && may("badge.manage") && <GrantBadge person={person.id} />}
    </>
  );
}

function Facts({ person }: { readonly person: PersonPage }) {
  const t = words.value;
  const facts: readonly (readonly [string, string])[] = [
    [t.name, person.name],
    [t.email, person.email],
    [t.phone, person.phone],
    [t.standing, t[person.standing]],
    [t.created, dayAndTime(person.created_at)],
    [t.lastSeen, person.last_seen_at === null ? "–" : dayAndTime(person.last_seen_at)],
    [t.sessions, count(person.sessions)],
    [t.rooms, count(person.rooms)],
    [t.bots, count(person.bots)],
    [t.files, t.filesOf(count(person.files), count(Math.ceil(person.file_bytes / 1024)))],
    [t.reportsAbout, count(person.reports_about)],
    [t.reportsBy, count(person.reports_by)],
  ];
  return (
    <dl class="card admin-facts figures">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {may("audit.read") && (
        <div>
          <dt>{t.audit}</dt>
          <dd>
            <a href={`${pathTo("/admin/audit", {})}?person=${person.id}`}>{t.auditOf}</a>
          </dd>
        </div>
      )}
    </dl>
  );
}

function RolesOf({ person, onChange }: KnownProps) {
  const [roles, setRoles] = useState<readonly string[]>(person.roles.filter((each) => each !== "mentee"));
  const task = useTask(async () => {
    const standing = await ask("PUT /api/v1/admin/people/{person}/roles", {
      path: { person: person.id },
      body: { roles: ["mentee", ...roles] as Roles },
    });
    onChange({ ...person, roles: standing.roles });
    say(words.value.saved);
  });
  const t = words.value;
  return (
    <section class="page-section">
      <Chips
        label={t.roles}
        options={GIVEN.map((value) => ({ value, label: t[value] }))}
        chosen={roles}
        onChange={setRoles}
      />
      <FaultNote fault={task.fault} />
      <div class="page-acts">
        <Button busy={task.busy} onPress={() => task.run()}>
          {t.giveRoles}
        </Button>
      </div>
    </section>
  );
}

function Standings({ person, onChange }: KnownProps) {
  const [asking, setAsking] = useState<"suspend" | "delete" | undefined>(undefined);
  const path = { person: person.id };
  const stands = ({ suspension }: Standing): PersonPage => ({
    ...person,
    suspension: suspension ?? null,
    standing: suspension ? "suspended" : "active",
  });
  const reinstate = useTask(async () => {
    onChange(stands(await ask("DELETE /api/v1/admin/people/{person}/suspension", { path })));
  });
  const restore = useTask(async () => {
    onChange(await ask("DELETE /api/v1/admin/people/{person}/deletion", { path }));
  });
  const t = words.value;
  const isDeleted = person.deleted_at !== null;
  return (
    <section class="page-section" aria-labelledby="standing">
      <h2 id="standing">{t.standing}</h2>
      <FaultNote fault={reinstate.fault ?? restore.fault} />
      {person.suspension !== null && (
        <p>{t.suspendedSince(dayAndTime(person.suspension.since), person.suspension.reason)}</p>
      )}
      {person.erased_from !== null && <p>{t.erasedFrom(dayAndTime(person.erased_from))}</p>}
      <div class="page-acts">
        {isDeleted ? (
          <Button busy={restore.busy} onPress={() => restore.run()}>
            {t.restore}
          </Button>
        ) : (
          <>
            {person.suspension === null ? (
              <Button kind="danger" onPress={() => setAsking("suspend")}>
                {t.suspend}
              </Button>
            ) : (
              <Button busy={reinstate.busy} onPress={() => reinstate.run()}>
                {t.reinstate}
              </Button>
            )}
            <Button kind="danger" onPress={() => setAsking("delete")}>
              {t.delete}
            </Button>
          </>
        )}
      </div>
      {asking === "suspend" && (
        <ReasonAsked
          title={t.suspendTitle(person.nickname)}
          hint={t.suspendHint}
          name="reason"
          required
          maxLength={500}
          label={t.suspend}
          onReason={async (reason) => {
            const how = { path, body: { reason } };
            onChange(stands(await ask("PUT /api/v1/admin/people/{person}/suspension", how)));
          }}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === "delete" && (
        <ReasonAsked
          title={t.deleteTitle(person.nickname)}
          hint={t.deleteHint}
          name="reason"
          required
          maxLength={500}
          label={t.delete}
          onReason={async (reason) => {
            onChange(await ask("PUT /api/v1/admin/people/{person}/deletion", { path, body: { reason } }));
          }}
          onClose={() => setAsking(undefined)}
        />
      )}
    </section>
  );
}
