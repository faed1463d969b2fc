import type { ComponentChildren } from "preact";
import { useTitle } from "../../app/title.ts";
import { Ways } from "../../parts/Ways.tsx";
import "../learn/learn.css";
import "./matching.css";
import { words } from "./words.ts";

interface MatchHeadProps {
  readonly title: string;
  readonly acts?: ComponentChildren;
}

/** What stands above the lists of matching: the ways between them, and what can be done. */
export function MatchHead({ title, acts }: MatchHeadProps) {
  const t = words.value;
  useTitle(title);
  const ways = [
    ["/meet", t.posts],
    ["/meet/random", t.random],
    ["/meet/matches", t.history],
  ] as const;
  return (
    <>
      <Ways label={t.ways} ways={ways} />
      <header class="page-head">
        <h1>{title}</h1>
        {acts !== undefined && <div class="page-acts">{acts}</div>}
      </header>
    </>
  );
}
