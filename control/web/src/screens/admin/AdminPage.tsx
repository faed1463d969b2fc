/** The frame of everything admins do: which parts of it somebody may see, and the way between them. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { path } from "../../app/place.ts";
import { me } from "../../app/session.ts";
import { useTitle } from "../../app/title.ts";
import { Empty } from "../../parts/States.tsx";
import "./admin.css";
import { PARTS, type Part } from "./parts.ts";
import { words } from "./words.ts";

interface AdminPageProps {
  readonly part: Part;
  /** What it is called, when it is not the part itself. */
  readonly title?: string;
  readonly acts?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function AdminPage({ part, title = words.value[part], acts, children }: AdminPageProps) {
  useTitle(title);
  const here = useRef<HTMLAnchorElement>(null);
  useEffect(() => here.current?.scrollIntoView({ block: "nearest", inline: "center" }), []);
  const granted = me.value?.permissions ?? [];
  const mine = PARTS.filter(({ needs }) => granted.includes(needs));
  const isMine = mine.some(({ name }) => name === part);
  return (
    <div class="page admin">
      <nav class="admin-ways" aria-label={words.value.administration}>
        <ul>
          {mine.map(({ name, path: to }) => (
            <li key={name}>
              <a
                ref={name === part ? here : null}
                href={to}
                aria-current={name === part ? (path.value === to ? "page" : "true") : undefined}
              >
                {words.value[name]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <header class="page-head">
        <h1>{title}</h1>
        {isMine && acts !== undefined && <div class="page-acts">{acts}</div>}
      </header>
      {isMine ? children : <Empty title={words.value.notYours}>{words.value.notYoursHint}</Empty>}
    </div>
  );
}
