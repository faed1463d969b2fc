import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { useWritten } from "../../app/written.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Area, Labelled } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { Class } from "../../wire/http.ts";
import { words as common } from "../../words/common.ts";
import { oneDecimal } from "../learn/Rating.tsx";
import { words } from "./words.ts";

interface ReviewDialogProps {
  readonly of: Class;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** What I think of a class: stars in halves, and words if I like. */
export function ReviewDialog({ of, onDone, onClose }: ReviewDialogProps) {
  const t = words.value;
  const begun = { stars: of.my_review?.stars ?? 5, text: of.my_review?.text ?? "" };
  const written = useWritten(`class-review ${of.id}`, begun);
  const { stars, text } = written.value.value;
  const task = useTask(async () => {
    await ask("PUT /api/v1/classes/{class_id}/review", { path: { class_id: of.id }, body: { stars, text } });
    written.clear();
    say(t.reviewed);
    onDone();
    onClose();
  });
  return (
    <Dialog title={of.my_review === null ? t.writeReview : t.editReview} onClose={onClose}>
      <Form task={task} act={common.value.save} onCancel={onClose} written={written}>
        <Labelled label={t.stars}>
          {(ties) => (
            <div class="stars">
              <input
                {...ties}
                type="range"
                name="stars"
                min={1}
                max={5}
                step={0.5}
                value={stars}
                aria-valuetext={t.starsSaid(oneDecimal(stars))}
                onInput={(event) => written.put({ stars: event.currentTarget.valueAsNumber })}
              />
              <span class="figures" aria-hidden="true">
                {t.starsSaid(oneDecimal(stars))}
              </span>
            </div>
          )}
        </Labelled>
        <Area
          label={t.reviewText}
          hint={t.reviewTextHint}
          name="text"
          maxLength={1000}
          rows={4}
          value={text}
          fault={said(task.fault).fields["text"]}
          onText={(text) => written.put({ text })}
        />
      </Form>
    </Dialog>
  );
}
