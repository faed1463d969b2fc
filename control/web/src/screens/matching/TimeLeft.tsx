import { useEffect, useState } from "preact/hooks";
import { chat } from "../../app/session.ts";
import { words } from "./words.ts";

interface TimeLeftProps {
  /** By the server's clock. */
  readonly until: number;
  /** It ran out, which the server says in its own time. */
  readonly onOver: () => void;
}

/** How long it still is, second by second; read aloud by the minute. */
export function TimeLeft({ until, onOver }: TimeLeftProps) {
  const [left, setLeft] = useState(() => leftOf(until));
  useEffect(() => {
    const ticking = setInterval(() => {
      const now = leftOf(until);
      setLeft(now);
      if (now > 0) return;
      clearInterval(ticking);
      onOver();
    }, 1000);
    return () => clearInterval(ticking);
  }, [until]);
  const t = words.value;
  return (
    <p class="matching-left figures" role="timer">
      <span aria-hidden="true">{t.left(minutesAndSeconds(left))}</span>
      <span class="unseen">{t.leftSaid(Math.ceil(left / 60_000))}</span>
    </p>
  );
}

function leftOf(until: number): number {
  return Math.max(0, until - (chat.peek()?.now() ?? Date.now()));
}

/** 29:05 */
function minutesAndSeconds(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
