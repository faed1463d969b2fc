import { signal } from "@preact/signals";
import "./toast.css";

interface Toast {
  readonly id: number;
  readonly text: string;
}

const SHOWN_MS = 5000;

const toasts = signal<readonly Toast[]>([]);
let made = 0;

/** Say something in passing: it goes by itself. What must be read or decided is not said like this. */
export function say(text: string): void {
  const toast = { id: ++made, text };
  toasts.value = [...toasts.value, toast].slice(-3);
  setTimeout(() => {
    toasts.value = toasts.value.filter((each) => each !== toast);
  }, SHOWN_MS);
}

/** Where it is said. Read aloud when the reader pauses. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((each) => (
        <p key={each.id} class="toast">
          {each.text}
        </p>
      ))}
    </div>
  );
}
