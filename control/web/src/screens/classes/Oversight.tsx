import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { FaultNote } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { Class } from "../../wire/http.ts";
import { ReasonAsked } from "../admin/ReasonAsked.tsx";
import { hasBegun } from "./Mine.tsx";
import { words } from "./words.ts";

interface OversightProps {
  readonly shown: Class;
  readonly onChanged: () => void;
}

/** What admins do about anybody's class: out of the lists and back, and called off where its mentor does not. */
export function Oversight({ shown, onChanged }: OversightProps) {
  const t = words.value;
  const [asked, setAsked] = useState<"unlist" | "callOff" | undefined>(undefined);
  const path = { class_id: shown.id };
  const close = () => setAsked(undefined);
  const list = useTask(async () => {
    await ask("DELETE /api/v1/admin/classes/{class_id}/unlisting", { path });
    say(t.listed);
    onChanged();
  });
  const isToCome = shown.state !== "draft" && !shown.called_off && !hasBegun(shown);
  return (
    <section class="card" aria-labelledby="oversight">
      <h2 id="oversight">{t.oversight}</h2>
      <FaultNote fault={list.fault} />
      <div class="page-acts">
        {shown.unlisted ? (
          <Button busy={list.busy} onPress={() => list.run()}>
            {t.listAgain}
          </Button>
        ) : (
          <Button onPress={() => setAsked("unlist")}>{t.unlist}</Button>
        )}
        {isToCome && (
          <Button kind="danger" onPress={() => setAsked("callOff")}>
            {t.callOff}
          </Button>
        )}
      </div>
      {asked === "unlist" && (
        <ReasonAsked
          title={t.unlist}
          hint={t.unlistHint}
          name="reason"
          required
          maxLength={500}
          label={t.unlist}
          onReason={async (reason) => {
            await ask("PUT /api/v1/admin/classes/{class_id}/unlisting", { path, body: { reason } });
            onChanged();
          }}
          onClose={close}
        />
      )}
      {asked === "callOff" && (
        <Sure
          title={t.callOffSure}
          label={t.callOff}
          onSure={async () => {
            await ask("POST /api/v1/admin/classes/{class_id}/call-off", { path });
            onChanged();
          }}
          onClose={close}
        >
          {t.callOffHint}
        </Sure>
      )}
    </section>
  );
}
