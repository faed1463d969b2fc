import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Task } from "../app/task.ts";
import { words } from "../words/common.ts";
import { Button } from "./Button.tsx";
import { FaultNote } from "./States.tsx";

interface FormProps {
  readonly task: Task<[]>;
  /** What sending it does, as its button says it. */
  readonly act: string;
  readonly kind?: "plain" | "card";
  /** What is sent is not to be undone. */
  readonly danger?: boolean;
  /** Left out where there is nothing to go back to. */
  readonly onCancel?: (() => void) | undefined;
  readonly children: ComponentChildren;
}

/** Something to be filled in and sent. Who is refused is led to the field that is why, or to the words that say so. */
export function Form({ task, act, kind = "plain", danger = false, onCancel, children }: FormProps) {
  const form = useRef<HTMLFormElement>(null);
  const { fault } = task;
  useEffect(() => {
    if (fault !== undefined && form.current !== null) lead(form.current);
  }, [fault]);
  return (
    <form
      ref={form}
      class={kind === "card" ? "card" : "page-section"}
      onSubmit={(event) => {
        event.preventDefault();
        task.run();
      }}
    >
      <FaultNote fault={fault} />
      {children}
      <div class="dialog-acts">
        {onCancel !== undefined && (
          <Button kind="quiet" onPress={onCancel}>
            {words.value.cancel}
          </Button>
        )}
        <Button kind={danger ? "danger" : "primary"} submits busy={task.busy}>
          {act}
        </Button>
      </div>
    </form>
  );
}

function lead(form: HTMLFormElement): void {
  const wrong = form.querySelector<HTMLElement>("[aria-invalid=true]");
  if (wrong !== null) wrong.focus();
  else (form.querySelector(".fault:not(:empty)") ?? form).scrollIntoView({ block: "nearest" });
}
