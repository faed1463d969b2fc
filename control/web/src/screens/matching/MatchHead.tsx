import type { ComponentChildren } from "preact";
import { path } from "../../app/place.ts";
import { useTitle } from "../../app/title.ts";
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
      <nav class="ways" aria-label={t.ways}>
        <ul>
          {ways.map(([to, label]) => (
            <li key={to}>
              <a href={to} aria-current={path.value === to ? "page" : undefined}>
                {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <header class="page-head">
        <h1>{title}</h1>
        {acts !== undefined && <div class="page-acts">{acts}</div>}
      </header>
    </>
  );
}
