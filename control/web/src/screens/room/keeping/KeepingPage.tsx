/** The frame of everything that keeps order in a room: who may see it, and the ways between its parts. */

import type { ComponentChildren } from "preact";
import { ask } from "../../../app/http.ts";
import { useLoaded } from "../../../app/load.ts";
import { pathTo } from "../../../app/routes.ts";
import type { ScreenProps } from "../../../app/screens.ts";
import { useTitle } from "../../../app/title.ts";
import { Back } from "../../../parts/Back.tsx";
import { Empty, Failed, Skeleton } from "../../../parts/States.tsx";
import { Ways } from "../../../parts/Ways.tsx";
import type { Room } from "../../../wire/http.ts";
import { titleOf } from "../../../words/titled.ts";
import { roomPath } from "../paths.ts";
import "./keeping.css";
import { words } from "./words.ts";

const PARTS = [
  ["doors", "/rooms/:room/manage"],
  ["bans", "/rooms/:room/manage/bans"],
  ["audit", "/rooms/:room/manage/audit"],
  ["hooks", "/rooms/:room/manage/hooks"],
] as const;

interface KeepingProps extends ScreenProps {
  readonly part: (typeof PARTS)[number][0];
  /** Called for those who keep order alone. `onRoom`: the room is otherwise now. */
  readonly children: (room: Room, onRoom: (room: Room) => void) => ComponentChildren;
}

export function KeepingPage({ params, part, children }: KeepingProps) {
  const id = params["room"] ?? "";
  const t = words.value;
  const { state, reload, set } = useLoaded(id, (signal) =>
    ask("GET /api/v1/rooms/{room}", { path: { room: id } }, signal),
  );
  useTitle(state.kind === "ready" ? `${t[part]} · ${titleOf(state.value)}` : t.title);
  return (
    <div class="page">
      <Back to={roomPath(id)} />
      <header>
        <h1>{t.title}</h1>
        {state.kind === "ready" && <p class="soft">{titleOf(state.value)}</p>}
      </header>
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && !isKept(state.value) && <Empty title={t.notYours}>{t.notYoursHint}</Empty>}
      {state.kind === "ready" && isKept(state.value) && (
        <>
          <Ways
            label={t.title}
            ways={PARTS.map(([name, to]) => [pathTo(to, { room: id }), t[name]] as const)}
          />
          {children(state.value, (room) => set(() => room))}
        </>
      )}
    </div>
  );
}

/** Whether I keep order there. */
function isKept({ kind, membership }: Room): boolean {
  return kind !== "direct" && (membership?.role === "owner" || membership?.role === "moderator");
}
