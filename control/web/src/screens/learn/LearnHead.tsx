import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useTitle } from "../../app/title.ts";
import { Ways } from "../../parts/Ways.tsx";
import "./learn.css";
import { SearchBox, toSearch } from "./SearchBox.tsx";
import { words } from "./words.ts";

interface LearnHeadProps {
  readonly title: string;
  readonly acts?: ComponentChildren;
}

/** What stands above every list of something to learn: the box that finds all of it, and the ways between the lists. */
export function LearnHead({ title, acts }: LearnHeadProps) {
  useTitle(title);
  const [text, setText] = useState("");
  return (
    <>
      <SearchBox text={text} onText={setText} onSubmit={() => toSearch(text)} />
      <LearnWays />
      <header class="page-head">
        <h1>{title}</h1>
        {acts !== undefined && <div class="page-acts">{acts}</div>}
      </header>
    </>
  );
}

export function LearnWays() {
  const t = words.value;
  const ways = [
    ["/mentors", t.mentors],
    ["/classes", t.classes],
    ["/questions", t.questions],
    ["/points", t.points],
  ] as const;
  return <Ways label={t.ways} ways={ways} />;
}
