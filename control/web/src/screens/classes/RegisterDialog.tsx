import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { useTask } from "../../app/task.ts";
import { useWritten } from "../../app/written.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Area } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { Class } from "../../wire/http.ts";
import { count } from "../../words/times.ts";
import { words } from "./words.ts";

interface RegisterDialogProps {
  readonly of: Class;
  /** On the waiting list, when it is full. */
  readonly wait: boolean;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** The mentor's questions, what it costs, and what I have. */
export function RegisterDialog({ of, wait, onDone, onClose }: RegisterDialogProps) {
  const t = words.value;
  const written = useWritten(`class-registration ${of.id}`, { answers: of.questions.map(() => "") });
  const { answers } = written.value.value;
  const [isWaiting, setIsWaiting] = useState(wait);
  const task = useTask(async () => {
    try {
      const path = { class_id: of.id };
      const body = { answers, wait: isWaiting };
      const made = await ask("PUT /api/v1/classes/{class_id}/registration", { path, body });
      written.clear();
      say(made.state === "waiting" ? t.doneWaiting : t.done);
    } catch (fault) {
      if (said(fault).code === "class_full") setIsWaiting(true); // somebody was faster; the answers stay
      throw fault;
    }
    onDone();
    onClose();
  });
  return (
    <Dialog title={of.title} onClose={onClose}>
      <Form task={task} act={isWaiting ? t.joinWaiting : t.register} onCancel={onClose} written={written}>
        {of.questions.map((question, index) => (
          <Area
            key={index}
            label={question}
            name={`answer-${index}`}
            required
            maxLength={1000}
            rows={2}
            value={answers[index] ?? ""}
            onText={(text) => written.put({ answers: answers.with(index, text) })}
          />
        ))}
        <Cost price={of.price} isWaiting={isWaiting} />
      </Form>
    </Dialog>
  );
}

/** What it costs. Where the balance cannot be had, the server still knows it. */
function Cost({ price, isWaiting }: { readonly price: number; readonly isWaiting: boolean }) {
  const t = words.value;
  const { state } = useLoaded("balance", (signal) =>
    ask("GET /api/v1/me/points", { query: { limit: 1 } }, signal),
  );
  if (price === 0) return <p>{t.costFree}</p>;
  const balance = state.kind === "ready" ? state.value.balance : undefined;
  return (
    <div class="small soft figures">
      <p>
        {isWaiting
          ? t.costWaiting(count(price))
          : t.cost(count(price), balance === undefined ? "…" : count(balance))}
      </p>
      {balance !== undefined && balance < price && <p>{t.notEnough(count(price - balance))}</p>}
      <p>{t.refundRule}</p>
    </div>
  );
}
