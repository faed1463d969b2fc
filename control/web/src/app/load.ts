/** Something that is fetched for a component: on its way, there, or why not. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export type Loaded<T> =
  | { readonly kind: "loading" }
  | { readonly kind: "ready"; readonly value: T }
  | { readonly kind: "failed"; readonly fault: unknown };

export interface Loading<T> {
  readonly state: Loaded<T>;
  /** Fetch it anew; what is there stays until then. */
  readonly reload: () => void;
  /** Put another value in its place, as one that was changed here. */
  readonly set: (change: (value: T) => T) => void;
}

/** Fetch with `load` now, and anew whenever `key` changes; what nobody waits for any more is aborted. */
export function useLoaded<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loading<T> {
  const [state, setState] = useState<Loaded<T>>({ kind: "loading" });
  const [turn, setTurn] = useState(0);
  const shown = useRef(key);
  const current = useRef(load);
  current.current = load;
  useEffect(() => {
    const abort = new AbortController();
    const put = (next: Loaded<T>) => {
      if (!abort.signal.aborted) setState(next);
    };
    if (shown.current !== key) setState({ kind: "loading" });
    shown.current = key;
    current.current(abort.signal).then(
      (value) => put({ kind: "ready", value }),
      (fault: unknown) => put({ kind: "failed", fault }),
    );
    return () => abort.abort();
  }, [key, turn]);
  const reload = useCallback(() => {
    setState((before) => (before.kind === "failed" ? { kind: "loading" } : before));
    setTurn((before) => before + 1);
  }, []);
  const set = useCallback((change: (value: T) => T) => {
    setState((before) => (before.kind === "ready" ? { kind: "ready", value: change(before.value) } : before));
  }, []);
  return { state, reload, set };
}
