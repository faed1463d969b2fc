/** A room's timer, and how to set it. */

import { useState } from "preact/hooks";
import { said } from "../app/faults.ts";
import { useTask } from "../app/task.ts";
import { Button, IconButton } from "../parts/Button.tsx";
import { Dialog } from "../parts/Dialog.tsx";
import { Form } from "../parts/Form.tsx";
import { Field } from "../parts/Field.tsx";
import { Icon } from "../parts/Icon.tsx";
import { FaultNote } from "../parts/States.tsx";
import type { RoomTimer } from "./roomtimer.ts";
import { clock } from "./timer.ts";
import "./timer.css";
import { words } from "./words.ts";

const MINUTE = 60_000;
const OFFERED = [5, 10, 25, 50];

/** What is left, the same for everybody; nothing when there is no timer. */
export function TimerStrip({ timer }: { readonly timer: RoomTimer }) {
  const task = useTask((what: "pause" | "resume" | "reset") => timer.do(what));
  const phase = timer.phase.value;
  if (phase === "none") return null;
  const t = words.value;
  return (
    <section class={`timer timer-${phase}`} aria-label={t.timer}>
      <Icon name="timer" />
      <p class="timer-text">
        <span class="unseen">{t.left} </span>
        <span class="timer-clock figures" role="timer">
          {clock(timer.remainingMs.value)}
        </span>
        {phase === "paused" && <span class="small soft">{t.paused}</span>}
        <strong class="small" role="status">
          {phase === "ended" && t.over}
        </strong>
      </p>
      {phase === "running" && <IconButton icon="pause" label={t.pause} onPress={() => task.run("pause")} />}
      {phase === "paused" && <IconButton icon="play" label={t.resume} onPress={() => task.run("resume")} />}
      <IconButton icon="close" label={t.reset} onPress={() => task.run("reset")} />
      <FaultNote fault={task.fault} />
    </section>
  );
}

/** How long it is to run. */
export function SetTimer({ timer, onClose }: { readonly timer: RoomTimer; readonly onClose: () => void }) {
  const [minutes, setMinutes] = useState("25");
  const task = useTask(async () => {
    await timer.start(Math.round(Number(minutes) * MINUTE));
    onClose();
  });
  const wanted = Number(minutes);
  const t = words.value;
  return (
    <Dialog title={t.setTimer} onClose={onClose}>
      <Form task={task} act={t.start} onCancel={onClose}>
        <div class="timer-offers">
          {OFFERED.map((each) => (
            <Button key={each} pressed={wanted === each} onPress={() => setMinutes(String(each))}>
              {t.minutes(each)}
            </Button>
          ))}
        </div>
        <Field
          label={t.howLong}
          hint={t.howLongHint}
          name="minutes"
          inputMode="numeric"
          autoComplete="off"
          pattern="[1-9][0-9]{0,3}"
          required
          value={minutes}
          fault={said(task.fault).fields["duration_ms"]}
          onText={setMinutes}
        />
      </Form>
    </Dialog>
  );
}
