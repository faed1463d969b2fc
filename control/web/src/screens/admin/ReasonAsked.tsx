import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { useTask } from "../../app/task.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Form } from "../../parts/Form.tsx";
import { Area } from "../../parts/Field.tsx";
import { words } from "./words.ts";

interface ReasonAskedProps {
  readonly title: string;
  /** What comes of it, and who reads the words. */
  readonly hint: string;
  /** What the server calls the words. */
  readonly name: "reason" | "note";
  readonly required: boolean;
  readonly maxLength: number;
  /** What is done, as its button says it. */
  readonly label: string;
  readonly onReason: (reason: string) => Promise<void>;
  readonly onClose: () => void;
}

/** What is done to somebody is done for a reason. */
export function ReasonAsked({ title, hint, name, label, onReason, onClose, ...rest }: ReasonAskedProps) {
  const [reason, setReason] = useState("");
  const task = useTask(async () => {
    await onReason(reason.trim());
    onClose();
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <Form task={task} act={label} danger onCancel={onClose}>
        <Area
          label={words.value.reason}
          hint={hint}
          name={name}
          rows={3}
          value={reason}
          fault={said(task.fault).fields[name]}
          onText={setReason}
          {...rest}
        />
      </Form>
    </Dialog>
  );
}
