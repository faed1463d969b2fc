import type { ComponentChildren } from "preact";
import type { Task } from "../app/task.ts";
import { words } from "../words/common.ts";
import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";
import { FaultNote } from "./States.tsx";

interface FormDialogProps {
  readonly title: string;
  /** What is done with it. */
  readonly task: Task<[]>;
  /** What is done, as its button says it. */
  readonly label: string;
  readonly kind?: "primary" | "danger";
  /** Not yet as it has to be. */
  readonly disabled?: boolean;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A form that is filled in first: its fields, why it was refused, and its two buttons. */
export function FormDialog({
  title,
  task,
  label,
  kind = "primary",
  disabled,
  onClose,
  children,
}: FormDialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="page-section"
        onSubmit={(event) => {
          event.preventDefault();
          if (disabled !== true) task.run();
        }}
      >
        <FaultNote fault={task.fault} />
        {children}
        <div class="dialog-acts">
          <Button kind="quiet" onPress={onClose}>
            {words.value.cancel}
          </Button>
          <Button kind={kind} submits busy={task.busy} disabled={disabled ?? false}>
            {label}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
