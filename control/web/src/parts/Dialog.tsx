import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { words } from "../words/common.ts";
import { IconButton } from "./Button.tsx";
import "./dialog.css";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/**
 * Something to be settled first. Escape, its cross and a press beside it close it; the focus goes back where it was. What begins
 * inside and ends beside it, as marking words does, is no such press.
 */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const isPressedBeside = useRef(false);
  const isGone = useRef(false);
  const id = useId();
  // Before anything else can happen: what somebody types at once is not lost to a dialog that is not open yet.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => {
      isGone.current = true;
      shown?.close();
      setTimeout(leadBack); // once what is gone is gone
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={() => {
        if (!isGone.current) onClose(); // by a browser that did not ask, as for a second Escape without a press between
      }}
      onPointerDown={(event) => {
        isPressedBeside.current = event.target === dialog.current;
      }}
      onClick={(event) => {
        if (event.target === dialog.current && isPressedBeside.current) onClose();
      }}
    >
      <header class="dialog-head">
        <h2 id={id}>{title}</h2>
        <IconButton icon="close" label={words.value.close} onPress={onClose} />
      </header>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}

/** What a dialog was opened from may go with it, as the row of what was removed: one goes on from what stands around it. */
function leadBack(): void {
  if (document.activeElement !== document.body) return;
  const around = [...document.querySelectorAll<HTMLElement>("dialog[open]")].at(-1);
  (around?.querySelector("button") ?? document.getElementById("content"))?.focus({ preventScroll: true });
}
