/** What stands where something is not: nothing yet, not there, not now. */

import type { ComponentChildren } from "preact";
import { said } from "../app/faults.ts";
import { words } from "../words/common.ts";
import { Button } from "./Button.tsx";
import "./states.css";

/** A paper window with its lattice: a house where nobody is at home just now. */
function Lattice() {
  return (
    <svg
      class="lattice"
      width="72"
      height="72"
      viewBox="0 0 72 72"
      fill="none"
      stroke="currentColor"
      aria-hidden="true"
    >
      <path stroke-width="2" d="M8 8h56v56H8z" />
      <path d="M22 8v56M36 8v56M50 8v56M8 20h56M8 25h56M8 47h56M8 52h56" />
    </svg>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly children?: ComponentChildren;
  /** What one can do about it. */
  readonly act?: ComponentChildren;
  /** It is all there is on the screen. */
  readonly whole?: boolean;
}

export function Empty({ title, children, act, whole = false }: EmptyProps) {
  return (
    <div class="state">
      <Lattice />
      {whole ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children !== undefined && <p>{children}</p>}
      {act}
    </div>
  );
}

/** It could not be had; and a way to try again. */
export function Failed({ fault, onAgain }: { readonly fault: unknown; readonly onAgain: () => void }) {
  return (
    <div class="state" role="alert">
      <p>{said(fault).text}</p>
      <Button onPress={onAgain}>{words.value.again}</Button>
    </div>
  );
}

/** It was refused: why, above what was refused. Nothing when it was not. */
export function FaultNote({ fault }: { readonly fault: unknown }) {
  return (
    <div role="alert" class={fault === undefined ? undefined : "fault-note"}>
      {fault === undefined ? null : <p>{said(fault).text}</p>}
    </div>
  );
}

/** Rows to come. */
export function Skeleton({ rows = 5 }: { readonly rows?: number }) {
  return (
    <div class="skeleton" role="status" aria-label={words.value.loading}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} class="skeleton-row" aria-hidden="true">
          <span />
        </div>
      ))}
    </div>
  );
}
