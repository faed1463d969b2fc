/** A list that is fetched page by page: what is here, whether there is more, and how to get it; or what of it one looks for. */

import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export interface Page<T> {
  readonly items: readonly T[];
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null;
}

interface Held<T> {
  readonly items: readonly T[] | undefined;
  readonly next: string | null;
  readonly busy: boolean;
  readonly fault: unknown;
}

export interface Pages<T> extends Held<T> {
  readonly more: () => void;
  /** Fetch it anew from the beginning; what is there stays until then. */
  readonly reload: () => void;
  readonly set: (change: (items: readonly T[]) => readonly T[]) => void;
}

/** The first one that `isWanted`, on whatever page it is; undefined when it is on none. */
export async function findInPages<T>(
  load: (cursor: string | null) => Promise<Page<T>>,
  isWanted: (item: T) => boolean,
): Promise<T | undefined> {
  let cursor: string | null = null;
  do {
    const { items, next }: Page<T> = await load(cursor);
    const found = items.find(isWanted);
    if (found !== undefined) return found;
    cursor = next;
  } while (cursor !== null);
  return undefined;
}

const NOTHING = { items: undefined, next: null, busy: true, fault: undefined } as const;

/** Fetch the first page with `load` now, and anew whenever `key` changes. `items` is undefined until it is here. */
export function usePages<T>(
  key: string,
  load: (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>,
): Pages<T> {
  const [held, setHeld] = useState<Held<T>>(NOTHING);
  const [turn, setTurn] = useState(0);
  const current = useRef(load);
  current.current = load;
  const abort = useRef(new AbortController());
  const shown = useRef(key);
  const fetchPage = useCallback((cursor: string | null) => {
    const { signal } = abort.current;
    setHeld((before) => ({ ...before, busy: true, fault: undefined }));
    current.current(cursor, signal).then(
      (page) => {
        if (signal.aborted) return;
        setHeld((before) => ({
          items: cursor === null ? page.items : [...(before.items ?? []), ...page.items],
          next: page.next,
          busy: false,
          fault: undefined,
        }));
      },
      (fault: unknown) => {
        if (!signal.aborted) setHeld((before) => ({ ...before, busy: false, fault }));
      },
    );
  }, []);
  useEffect(() => {
    abort.current = new AbortController();
    if (shown.current !== key) setHeld(NOTHING);
    shown.current = key;
    fetchPage(null);
    return () => abort.current.abort();
  }, [key, turn, fetchPage]);
  const { next, busy } = held;
  return {
    ...held,
    more: useCallback(() => {
      if (next !== null && !busy) fetchPage(next);
    }, [next, busy, fetchPage]),
    reload: useCallback(() => setTurn((before) => before + 1), []),
    set: useCallback((change: (items: readonly T[]) => readonly T[]) => {
      setHeld((before) => ({ ...before, items: before.items && change(before.items) }));
    }, []),
  };
}
