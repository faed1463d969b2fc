import type { ComponentChildren } from "preact";
import type { Loading } from "../app/load.ts";
import { Failed, Skeleton } from "./States.tsx";

interface FetchedProps<T> {
  readonly of: Loading<T>;
  /** How many are to be expected. */
  readonly rows?: number;
  readonly children: (value: T) => ComponentChildren;
}

/** Something that is fetched, and all its states: what comes page by page is `Paged`. */
export function Fetched<T>({ of: { state, reload }, rows = 2, children }: FetchedProps<T>) {
  switch (state.kind) {
    case "loading":
      return <Skeleton rows={rows} />;
    case "failed":
      return <Failed fault={state.fault} onAgain={reload} />;
    case "ready":
      return <>{children(state.value)}</>;
  }
}
