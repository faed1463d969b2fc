/** Everybody there is, to be found by what is known of them. */

import { useDebounced } from "../../app/debounced.ts";
import { ask } from "../../app/http.ts";
import { usePages } from "../../app/pages.ts";
import { ask as askPlace, query } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Choice, Field } from "../../parts/Field.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import type { ListedPerson } from "../../wire/http.ts";
import { dayAndTime } from "../../words/times.ts";
import { AdminPage } from "./AdminPage.tsx";
import { words } from "./words.ts";

const BY = ["nickname", "email", "phone", "id"] as const;
const ROLES = ["mentee", "mentor", "admin"] as const;
const STANDINGS = ["active", "suspended", "deleted"] as const;

export default function AdminPeople() {
  const by = BY.find((each) => each === query.value.get("by")) ?? "nickname";
  const role = ROLES.find((each) => each === query.value.get("role"));
  const standing = STANDINGS.find((each) => each === query.value.get("standing"));
  const text = query.value.get("text") ?? "";
  const sought = useDebounced(text.trim());
  const pages = usePages(JSON.stringify([by, sought, role, standing]), async (cursor, signal) => {
    const found = sought === "" ? {} : { [by]: sought };
    const wanted = { ...found, role: role ?? null, standing: standing ?? null, cursor };
    const page = await ask("GET /api/v1/admin/people", { query: wanted }, signal);
    return { items: page.people, next: page.next };
  });
  const t = words.value;
  const all = { value: "", label: t.all } as const;
  return (
    <AdminPage part="people">
      <search class="admin-search">
        <Choice
          label={t.by}
          value={by}
          options={BY.map((value) => ({ value, label: t[value] }))}
          onChoice={(next) => askPlace({ by: next })}
        />
        <Field
          label={t.sought}
          type="search"
          name="text"
          maxLength={200}
          value={text}
          onText={(next) => askPlace({ text: next })}
        />
        <Choice
          label={t.role}
          value={role ?? ""}
          options={[all, ...ROLES.map((value) => ({ value, label: t[value] }))]}
          onChoice={(next) => askPlace({ role: next })}
        />
        <Choice
          label={t.standing}
          value={standing ?? ""}
          options={[all, ...STANDINGS.map((value) => ({ value, label: t[value] }))]}
          onChoice={(next) => askPlace({ standing: next })}
        />
      </search>
      <Paged pages={pages} empty={<Empty title={t.noPeople}>{t.noPeopleHint}</Empty>}>
        {(people) => (
          <ul class="list">
            {people.map((each) => (
              <li key={each.id}>
                <Row person={each} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </AdminPage>
  );
}

function Row({ person }: { readonly person: ListedPerson }) {
  const { id, nickname, email, roles, standing, created_at: at } = person;
  return (
    <a class="row admin-row" href={pathTo("/admin/people/:person", { person: id })}>
      <Avatar name={nickname} />
      <span class="row-text">
        <span class="row-title cut">{nickname}</span>
        <span class="small soft cut">{email}</span>
        <span class="small soft figures">{dayAndTime(at)}</span>
      </span>
      <span class="tags">
        {ROLES.filter((role) => role !== "mentee" && roles.includes(role)).map((role) => (
          <span key={role} class="tag">
            {words.value[role]}
          </span>
        ))}
        {standing !== "active" && <span class="tag admin-bad">{words.value[standing]}</span>}
      </span>
    </a>
  );
}
