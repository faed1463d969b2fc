/** Somebody's points, and giving them some. */

import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useOnce } from "../../app/once.ts";
import { useLoaded } from "../../app/load.ts";
import { useTask } from "../../app/task.ts";
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
  const once = useOnce();
  const task = useTask(async () => {
    const grant = { person, points: Number(points), note };
    await once(grant, (body) => ask("POST /api/v1/admin/points/grants", { body }));
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
