/** The frame of everything admins do: which parts of it somebody may see, and the way between them. */

import type { ComponentChildren } from "preact";
import { me } from "../../app/session.ts";
import { useTitle } from "../../app/title.ts";
import { Back } from "../../parts/Back.tsx";
import { Empty } from "../../parts/States.tsx";
import { Ways } from "../../parts/Ways.tsx";
import "./admin.css";
import { PARTS, type Part } from "./parts.ts";
import { words } from "./words.ts";

interface AdminPageProps {
  readonly part: Part;
  /** What it is called, when it is not the part itself. */
  readonly title?: string;
  /** Where one comes from, when it is not the part itself. */
  readonly back?: string;
  readonly acts?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function AdminPage({ part, title = words.value[part], back, acts, children }: AdminPageProps) {
  useTitle(title);
  const granted = me.value?.permissions ?? [];
  const mine = PARTS.filter(({ needs }) => granted.includes(needs));
  const isMine = mine.some(({ name }) => name === part);
  const ways = mine.map(({ name, path }) => [path, words.value[name]] as const);
  return (
    <div class="page admin">
      <Ways
        label={words.value.administration}
        ways={ways}
        here={mine.find(({ name }) => name === part)?.path}
      />
      {back !== undefined && <Back to={back} />}
      <header class="page-head">
        <h1>{title}</h1>
        {isMine && acts !== undefined && <div class="page-acts">{acts}</div>}
      </header>
      {isMine ? children : <Empty title={words.value.notYours}>{words.value.notYoursHint}</Empty>}
    </div>
  );
}
