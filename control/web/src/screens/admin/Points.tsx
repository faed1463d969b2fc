/** Somebody's points, and giving them some. */

import { useRef, useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { useTask } from "../../app/task.ts";
import { newUuid } from "../../chat/ids.ts";
import { Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { Failed, Skeleton } from "../../parts/States.tsx";
import { count } from "../../words/times.ts";
import { words } from "./words.ts";

export function Points({ person }: { readonly person: string }) {
  const { state, reload } = useLoaded(person, (signal) =>
    ask("GET /api/v1/admin/people/{person}/points", { path: { person }, query: { limit: 1 } }, signal),
  );
  const t = words.value;
  return (
    <section class="page-section" aria-labelledby="points">
      <h2 id="points">{t.points}</h2>
      {state.kind === "loading" && <Skeleton rows={1} />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <>
          <p class="admin-total figures">{t.balance(count(state.value.balance))}</p>
          <Give person={person} onGiven={reload} />
        </>
      )}
    </section>
  );
}

function Give({ person, onGiven }: { readonly person: string; readonly onGiven: () => void }) {
  const [points, setPoints] = useState("");
  const [note, setNote] = useState("");
  const grant = useRef({ key: "", id: newUuid() });
  const task = useTask(async () => {
    const key = JSON.stringify([points, note]);
    if (grant.current.key !== key) grant.current = { key, id: newUuid() }; // the same again is the same grant
    const body = { client_id: grant.current.id, person, points: Number(points), note };
    await ask("POST /api/v1/admin/points/grants", { body });
    grant.current = { key: "", id: newUuid() };
    setPoints("");
    setNote("");
    onGiven();
  });
  const { fields } = said(task.fault);
  const t = words.value;
  return (
    <Form task={task} act={t.give}>
      <div class="admin-pair">
        <Field
          label={t.howMany}
          name="points"
          inputMode="numeric"
          autoComplete="off"
          pattern="[1-9][0-9]{0,6}"
          required
          value={points}
          fault={fields["points"]}
          onText={setPoints}
        />
        <Field
          label={t.note}
          name="note"
          autoComplete="off"
          maxLength={200}
          value={note}
          fault={fields["note"]}
          onText={setNote}
        />
      </div>
    </Form>
  );
}
