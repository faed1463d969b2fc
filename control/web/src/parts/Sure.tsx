import type { ComponentChildren } from "preact";
import { useTask } from "../app/task.ts";
import { dictionary } from "../words/dictionary.ts";
import { Button } from "./Button.tsx";
import { Dialog } from "./Dialog.tsx";
import { FaultNote } from "./States.tsx";

// Not "cancel": what is asked about may be to cancel something.
const words = dictionary({ no: "아니요" }, { no: "No, go back" });

interface SureProps {
  readonly title: string;
  /** What comes of it. */
  readonly children: ComponentChildren;
  /** What is done, as its button says it. */
  readonly label: string;
  /** Do it; rejects with why it was refused. The dialog is closed when it is done. */
  readonly onSure: () => Promise<void>;
  readonly onClose: () => void;
}

/** What cannot be undone is asked about first. */
export function Sure({ title, children, label, onSure, onClose }: SureProps) {
  const task = useTask(async () => {
    await onSure();
    onClose();
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <FaultNote fault={task.fault} />
      <p>{children}</p>
      <div class="dialog-acts">
        <Button kind="quiet" onPress={onClose}>
          {words.value.no}
        </Button>
        <Button kind="danger" busy={task.busy} onPress={() => task.run()}>
          {label}
        </Button>
      </div>
    </Dialog>
  );
}
