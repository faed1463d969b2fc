import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { logOutEverywhere } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import type { Session } from "../../wire/http.ts";
import { ago } from "../../words/times.ts";
import { words } from "./words.ts";

/** Where I am logged in, and how to end that. */
export function Sessions() {
  const { state, reload } = useLoaded("sessions", (signal) => ask("GET /api/v1/sessions", {}, signal));
  const all = useTask(logOutEverywhere);
  return (
    <section class="page-section" aria-labelledby="sessions">
      <h2 id="sessions">{words.value.sessions}</h2>
      <FaultNote fault={all.fault} />
      {state.kind === "loading" && <Skeleton rows={2} />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <ul class="list">
          {state.value.sessions.map((each) => (
            <li key={each.id}>
              <Row session={each} onEnded={reload} />
            </li>
          ))}
        </ul>
      )}
      <div class="dialog-acts">
        <Button kind="danger" busy={all.busy} onPress={() => all.run()}>
          {words.value.logOutAll}
        </Button>
      </div>
    </section>
  );
}

function Row({ session, onEnded }: { readonly session: Session; readonly onEnded: () => void }) {
  const task = useTask(async () => {
    await ask("DELETE /api/v1/sessions/{session}", { path: { session: session.id } });
    onEnded();
  });
  return (
    <div class="row">
      <span class="row-text">
        <span class="row-title cut">{session.device}</span>
        <span class="small soft figures">
          {session.current
            ? words.value.thisDevice
            : words.value.seen(ago(session.last_seen_at), session.place)}
        </span>
      </span>
      {!session.current && (
        <Button kind="quiet" busy={task.busy} onPress={() => task.run()}>
          {words.value.end}
        </Button>
      )}
    </div>
  );
}
