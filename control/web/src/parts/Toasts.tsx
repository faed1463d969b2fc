import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { dictionary } from "../words/dictionary.ts";
import "./toast.css";

interface Toast {
  readonly id: number;
  readonly text: string;
  /** The place that it is about. */
  readonly to: string | undefined;
}

const SHOWN_MS = 5_000;
/** What leads somewhere can be followed: it stays until one may have decided. */
const LEADS_MS = 12_000;
const KEY = "F8";

const words = dictionary({ news: `방금 일어난 일 (${KEY})` }, { news: `What happened just now (${KEY})` });

const toasts = signal<readonly Toast[]>([]);
/** Somebody is at them: none goes. */
let isHeld = false;
let made = 0;

/** Say something in passing: it goes by itself. What must be read or decided is not said like this. `to`: where it leads. */
export function say(text: string, to?: string): void {
  const toast = { id: ++made, text, to };
  toasts.value = [...toasts.value, toast].slice(-3);
  const pass = (): void => {
    if (isHeld) setTimeout(pass, SHOWN_MS);
    else drop(toast);
  };
  setTimeout(pass, to === undefined ? SHOWN_MS : LEADS_MS);
}

function drop(toast: Toast): void {
  toasts.value = toasts.value.filter((each) => each !== toast);
}

/** Where it is said. Read aloud when the reader pauses; a key leads there from anywhere, and Escape sends away what was said. */
export function Toasts() {
  const place = useRef<HTMLDivElement>(null);
  const cameFrom = useRef<Element | null>(null);
  useEffect(() => {
    const listen = (key: KeyboardEvent): void => {
      const first = place.current?.querySelector("a");
      if (key.key !== KEY || !first) return;
      key.preventDefault();
      cameFrom.current = document.activeElement;
      first.focus();
    };
    addEventListener("keydown", listen);
    return () => removeEventListener("keydown", listen);
  }, []);
  const leave = (toast: Toast) => {
    isHeld = false;
    drop(toast);
    if (cameFrom.current instanceof HTMLElement) cameFrom.current.focus();
    cameFrom.current = null;
  };
  const hold = (held: boolean) => () => {
    isHeld = held;
  };
  return (
    <div
      class="toasts"
      role="status"
      aria-live="polite"
      aria-label={words.value.news}
      ref={place}
      onFocusIn={hold(true)}
      onFocusOut={hold(false)}
      onPointerEnter={hold(true)}
      onPointerLeave={hold(false)}
    >
      {toasts.value.map((each) =>
        each.to === undefined ? (
          <p key={each.id} class="toast">
            {each.text}
          </p>
        ) : (
          <a
            key={each.id}
            class="toast"
            href={each.to}
            onClick={() => {
              cameFrom.current = null; // one goes on from where it leads
              leave(each);
            }}
            onKeyDown={(key) => {
              if (key.key === "Escape") leave(each);
            }}
          >
            {each.text}
          </a>
        ),
      )}
    </div>
  );
}
