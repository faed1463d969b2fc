/** What admins did: written with the act itself, and never changed. */

import { ask } from "../../app/http.ts";
import { usePages } from "../../app/pages.ts";
import { ask as askPlace, query } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { Button } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Field.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import type { AdminDeed } from "../../wire/http.ts";
import { language } from "../../words/language.ts";
import { dayAndTime } from "../../words/times.ts";
import { type Act, ACTS, nameOfAct } from "./acts.ts";
import { AdminPage } from "./AdminPage.tsx";
import { words } from "./words.ts";

export default function Audit() {
  const act = (Object.keys(ACTS) as Act[]).find((each) => each === query.value.get("act")) ?? null;
  const person = query.value.get("person");
  const pages = usePages(JSON.stringify([act, person]), async (cursor, signal) => {
    const page = await ask("GET /api/v1/admin/audit", { query: { act, person, cursor } }, signal);
    return { items: page.deeds, next: page.next };
  });
  const t = words.value;
  return (
    <AdminPage part="audit">
      <div class="admin-pair">
        <Choice
          label={t.act}
          value={act ?? ""}
          options={[
            { value: "", label: t.all },
            ...(Object.keys(ACTS) as Act[]).map((value) => ({
              value,
              label: ACTS[value][language.value],
            })),
          ]}
          onChoice={(next) => askPlace({ act: next })}
        />
        {person !== null && <Button onPress={() => askPlace({ person: null })}>{t.ofEverybody}</Button>}
      </div>
      <Paged pages={pages} empty={<Empty title={t.noDeeds}>{t.noDeedsHint}</Empty>}>
        {(deeds) => (
          <ol class="list">
            {deeds.map((each) => (
              <li key={each.id}>
                <Deed deed={each} />
              </li>
            ))}
          </ol>
        )}
      </Paged>
    </AdminPage>
  );
}

function Deed({ deed }: { readonly deed: AdminDeed }) {
  const { at, by, act, person, object, detail } = deed;
  const more = Object.entries(detail).map(([name, value]) => `${name}: ${textOf(value)}`);
  return (
    <div class="row admin-deed">
      <span class="row-text">
        <span class="row-title">{nameOfAct(act)}</span>
        <span class="small soft figures">
          {by.nickname} · {dayAndTime(at)}
        </span>
        {(person !== null || object !== null) && (
          <span class="small">
            {person !== null && (
              <a href={pathTo("/admin/people/:person", { person: person.id })}>{person.nickname}</a>
            )}
            {person !== null && object !== null && " · "}
            {object !== null && <Done act={act} id={object} />}
          </span>
        )}
        {more.length > 0 && <span class="small soft">{more.join(" · ")}</span>}
      </span>
    </div>
  );
}

/** What it was done to: a way there, where it has a page. */
function Done({ act, id }: { readonly act: string; readonly id: string }) {
  if (!act.startsWith("class.")) return <>{id}</>;
  return <a href={pathTo("/classes/:class", { class: id })}>{words.value.toClass}</a>;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
