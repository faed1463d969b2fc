/** The whole app: which screen, for whom, and in which frame. */

import { useEffect, useRef } from "preact/hooks";
import { ButtonLink } from "../parts/Button.tsx";
import { Empty, Failed } from "../parts/States.tsx";
import { Toasts } from "../parts/Toasts.tsx";
import { words } from "../words/common.ts";
import { Bounded } from "./Bounded.tsx";
import { Frame } from "./Frame.tsx";
import { Gate } from "./Gate.tsx";
import { Lazily } from "./Lazily.tsx";
import { go, path, query } from "./place.ts";
import { screenOf } from "./screens.ts";
import { recognise, visitor } from "./session.ts";
import { useTitle } from "./title.ts";

export function App() {
  useEffect(() => void recognise(), []);
  useArrival();
  return (
    <>
      <Here />
      <Toasts />
    </>
  );
}

/** Whoever goes to another place is led to its beginning, by eye and by ear; or to that part of the screen that it names. */
function useArrival(): void {
  const at = path.value;
  const before = useRef(at);
  useEffect(() => {
    if (before.current === at) return;
    before.current = at;
    const content = document.getElementById("content");
    const arrival = content?.querySelector<HTMLElement>("[data-arrival]") ?? content;
    content?.scrollTo(0, 0);
    arrival?.focus({ preventScroll: true });
  }, [at]);
}

function Here() {
  const found = screenOf(path.value);
  const who = visitor.value;
  const elsewhere = detour();
  useEffect(() => {
    const now = detour(); // whoever made somebody a stranger may have led them on since
    if (now !== undefined) go(now, { instead: true });
  }, [elsewhere]);
  if (who.kind === "unreachable") {
    return (
      <Gate>
        <Failed fault={who.fault} onAgain={() => void recognise()} />
      </Gate>
    );
  }
  if (elsewhere !== undefined || (who.kind === "unknown" && found?.screen.access !== "anybody"))
    return <Gate />;
  if (found === undefined) return <Nowhere />;
  const { screen, params } = found;
  const shown = (
    <Bounded key={screen.load}>
      <Lazily load={screen.load} params={params} />
    </Bounded>
  );
  if (screen.frame === "gate") return <Gate>{shown}</Gate>;
  return <Frame besideRooms={screen.frame === "beside-rooms"}>{shown}</Frame>;
}

/** Where one goes who may not see what is here: strangers to the gate, and from there back to where they wanted to be. */
function detour(): string | undefined {
  const screen = screenOf(path.value)?.screen;
  const who = visitor.value.kind;
  if (screen?.access === "member" && who === "stranger") {
    const wanted = path.value + (query.value.size > 0 ? `?${query.value.toString()}` : "");
    return wanted === "/" ? "/login" : `/login?then=${encodeURIComponent(wanted)}`;
  }
  if (screen?.access === "stranger" && who === "member") return ourPath(query.value.get("then"));
  return undefined;
}

/** `then` says where to go after logging in; only a path of ours is believed. */
function ourPath(then: string | null): string {
  return then !== null && /^\/(?![/\\])/.test(then) ? then : "/";
}

function Nowhere() {
  useTitle(words.value.nowhere);
  return (
    <Gate>
      <Empty whole title={words.value.nowhere} act={<ButtonLink href="/">{words.value.home}</ButtonLink>}>
        {words.value.nowhereHint}
      </Empty>
    </Gate>
  );
}
