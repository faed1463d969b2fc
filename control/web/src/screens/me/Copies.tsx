import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import type { Export } from "../../wire/http.ts";
import { dayAndTime } from "../../words/times.ts";
import { words } from "./words.ts";

/** Copies of what is mine: asked for, made in their own time, and downloaded. */
export function Copies() {
  const t = words.value;
  const { state, reload } = useLoaded("exports", (signal) => ask("GET /api/v1/me/exports", {}, signal));
  const wish = useTask(async () => {
    await ask("POST /api/v1/me/exports");
    reload();
  });
  const all = state.kind === "ready" ? state.value.exports : [];
  const isUnderWay = all.some((each) => each.state === "queued" || each.state === "working");
  return (
    <section class="page-section" aria-labelledby="copies">
      <div>
        <h2 id="copies">{t.copy}</h2>
        <p class="small soft">{t.copyHint}</p>
      </div>
      <FaultNote fault={wish.fault} />
      {state.kind === "loading" && <Skeleton rows={1} />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && all.length === 0 && <p class="soft">{t.noCopies}</p>}
      {all.length > 0 && (
        <ul class="list">
          {all.map((each) => (
            <li key={each.id}>
              <Row copy={each} />
            </li>
          ))}
        </ul>
      )}
      <div class="dialog-acts">
        {isUnderWay ? (
          <Button onPress={reload}>{t.lookAgain}</Button>
        ) : (
          <Button busy={wish.busy} onPress={() => wish.run()}>
            {t.askCopy}
          </Button>
        )}
      </div>
    </section>
  );
}

function Row({ copy }: { readonly copy: Export }) {
  const t = words.value;
  const download = useTask(async () => {
    const { url } = await ask("GET /api/v1/me/exports/{export}", { path: { export: copy.id } });
    if (url != null) location.assign(url); // it is a file: the page stays
  });
  return (
    <>
      <FaultNote fault={download.fault} />
      <div class="row">
        <span class="row-text">
          <span class="row-title">{t[copy.state]}</span>
          <span class="small soft figures">{dayAndTime(copy.asked_at)}</span>
        </span>
        {copy.state === "ready" && (
          <Button busy={download.busy} onPress={() => download.run()}>
            {t.download}
          </Button>
        )}
      </div>
    </>
  );
}
