/** Something a person asked for: whether it is under way, and why it was refused. One at a time. */

import { useRef, useState } from "preact/hooks";

export interface Task<Values extends readonly unknown[]> {
  readonly run: (...values: Values) => void;
  readonly busy: boolean;
  /** Undefined when the last one went well, or none was asked for yet. */
  readonly fault: unknown;
  readonly forget: () => void;
}

export function useTask<Values extends readonly unknown[]>(
  work: (...values: Values) => Promise<void>,
): Task<Values> {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(undefined);
  const running = useRef(false);
  const run = (...values: Values) => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setFault(undefined);
    void work(...values)
      .catch((found: unknown) => setFault(found ?? new Error("refused")))
      .finally(() => {
        running.current = false;
        setBusy(false);
      });
  };
  return { run, busy, fault, forget: () => setFault(undefined) };
}
