import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Task } from "../app/task.ts";
import type { Written } from "../app/written.ts";
import { words } from "../words/common.ts";
import { Button } from "./Button.tsx";
import { FaultNote } from "./States.tsx";

interface BlankProps {
  readonly task: Task<readonly []>;
  /** How its parts stand below each other. */
  readonly look: "gate-form" | "page-section" | "card";
  readonly children: ComponentChildren;
}

/** What is filled in and sent together. Who is refused is led to the field that is why, or to the words that say so. */
export function Blank({ task, look, children }: BlankProps) {
  const form = useRef<HTMLFormElement>(null);
  const { fault } = task;
  useEffect(() => {
    if (fault !== undefined && form.current !== null) lead(form.current);
  }, [fault]);
  return (
    <form
      ref={form}
      class={look}
      onSubmit={(event) => {
        event.preventDefault();
        task.run();
      }}
    >
      {children}
    </form>
  );
}

interface FormProps {
  readonly task: Task<readonly []>;
  /** What sending it does, as its button says it. */
  readonly act: string;
  readonly kind?: "plain" | "card";
  /** What is sent is not to be undone. */
  readonly danger?: boolean;
  /** Left out where there is nothing to go back to. */
  readonly onCancel?: (() => void) | undefined;
  /** What is thrown away by who cancels; where there is nothing to go back to, that is an act of its own. */
  readonly written?: Pick<Written<object>, "isChanged" | "clear"> | undefined;
  /** A field says why it was refused. */
  readonly isTold?: boolean;
  readonly children: ComponentChildren;
}

/** Fields, why they were refused above them, and the ways out below. */
export function Form({
  task,
  act,
  kind = "plain",
  danger = false,
  onCancel,
  written,
  isTold = false,
  children,
}: FormProps) {
  const cancel =
    onCancel &&
    (() => {
      written?.clear();
      onCancel();
    });
  return (
    <Blank task={task} look={kind === "card" ? "card" : "page-section"}>
      <FaultNote fault={isTold ? undefined : task.fault} />
      {children}
      <div class="dialog-acts">
        {cancel !== undefined && (
          <Button kind="quiet" onPress={cancel}>
            {words.value.cancel}
          </Button>
        )}
        {cancel === undefined && written?.isChanged.value && (
          <Button kind="quiet" onPress={written.clear}>
            {words.value.discard}
          </Button>
        )}
        <Button kind={danger ? "danger" : "primary"} submits busy={task.busy}>
          {act}
        </Button>
      </div>
    </Blank>
  );
}

function lead(form: HTMLFormElement): void {
  const wrong = form.querySelector<HTMLElement>("[aria-invalid=true]");
  if (wrong !== null) wrong.focus();
  else (form.querySelector("[role=alert]:not(:empty)") ?? form).scrollIntoView({ block: "nearest" });
}
