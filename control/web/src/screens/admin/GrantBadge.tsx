/** Thanking somebody with a badge, of those that admins grant. */

import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Choice, Field } from "../../parts/Field.tsx";
import { Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import { say } from "../../parts/Toasts.tsx";
import { language } from "../../words/language.ts";
import { words } from "./words.ts";

export function GrantBadge({ person }: { readonly person: string }) {
  const { state, reload } = useLoaded("badges", (signal) => ask("GET /api/v1/admin/badges", {}, signal));
  const [chosen, setChosen] = useState("");
  const [note, setNote] = useState("");
  const task = useTask(async (key: string) => {
    const path = { key, person };
    await ask("PUT /api/v1/admin/badges/{key}/holders/{person}", { path, body: { note } });
    setNote("");
    say(words.value.granted);
  });
  const t = words.value;
  const granted =
    state.kind === "ready"
      ? state.value.badges.filter(({ rule, retired }) => rule.kind === "granted" && !retired)
      : [];
  const key = chosen || granted[0]?.key;
  return (
    <section class="page-section" aria-labelledby="badge">
      <h2 id="badge">{t.thanks}</h2>
      {state.kind === "loading" && <Skeleton rows={1} />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && key === undefined && <p class="soft">{t.noGranted}</p>}
      {key !== undefined && (
        <form
          class="page-section"
          onSubmit={(event) => {
            event.preventDefault();
            task.run(key);
          }}
        >
          <FaultNote fault={task.fault} />
          <div class="admin-pair">
            <Choice
              label={t.badge}
              value={key}
              options={granted.map((each) => ({ value: each.key, label: each[language.value].name }))}
              onChoice={setChosen}
            />
            <Field label={t.note} name="badge-note" maxLength={200} value={note} onText={setNote} />
          </div>
          <div class="page-acts">
            <Button submits busy={task.busy}>
              {t.grant}
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}
