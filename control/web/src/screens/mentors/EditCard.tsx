import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { useWritten } from "../../app/written.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Form } from "../../parts/Form.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { Mentor } from "../../wire/http.ts";
import { words as common } from "../../words/common.ts";
import { type Card, CardFields } from "./CardFields.tsx";
import { words } from "./words.ts";

interface EditCardProps {
  readonly mentor: Mentor;
  readonly onSaved: (mentor: Mentor) => void;
  readonly onClose: () => void;
}

/** What others read of me as a mentor. Where I work was proven, and stays. */
export function EditCard({ mentor, onSaved, onClose }: EditCardProps) {
  const { introduction, hours, categories } = mentor;
  const written = useWritten<Card>("mentor-card", { introduction, hours, categories });
  const card = written.value.value;
  const task = useTask(async () => {
    onSaved(await ask("PATCH /api/v1/me/mentor", { body: card }));
    written.clear();
    say(words.value.saved);
    onClose();
  });
  return (
    <Dialog title={words.value.editCard} onClose={onClose}>
      <Form task={task} act={common.value.save} onCancel={onClose} written={written}>
        <CardFields card={card} faults={said(task.fault).fields} onCard={written.put} />
      </Form>
    </Dialog>
  );
}
