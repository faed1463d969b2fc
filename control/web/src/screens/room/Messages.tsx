/**
 * What was said, as a list of which only what can be seen is there. What one looks at stays where it is while the list grows
 * at either end, while pictures come and while the window changes its size; who is at its end stays there.
 */

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isFolded } from "../../app/blocked.ts";
import { said } from "../../app/faults.ts";
import { Button } from "../../parts/Button.tsx";
import { Empty, FaultNote, Skeleton } from "../../parts/States.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { RoomModel } from "../../room/model.ts";
import { Place } from "../../room/place.ts";
import { type Row, UNREAD } from "../../room/rows.ts";
import type { Saying } from "../../room/saying.ts";
import type { Missed, Talk } from "../../room/talk.ts";
import type { Shown } from "../../room/virtual.ts";
import { words as common } from "../../words/common.ts";
import { day } from "../../words/times.ts";
import type { Draft } from "./draft.ts";
import { Acts } from "./Acts.tsx";
import { asWanted, MessageRow } from "./MessageRow.tsx";
import { noteOf } from "./notes.ts";
import { PostRow } from "./PostRow.tsx";
import { words } from "./words.ts";

/** A row is about so high until it was measured. */
const GUESS = 56;
/** So much more than can be seen is there; it is drawn anew once half of that is left. */
const BEYOND = 800;
/** Nearer to an end than this the next page is fetched. */
const NEAR = 1_200;

const tell = (fault: unknown) => say(said(fault).text);

interface MessagesProps {
  /** The room itself, or a thread of it. */
  readonly talk: Talk;
  readonly model: RoomModel;
  readonly draft: Draft;
}

export function Messages({ talk, model, draft }: MessagesProps) {
  const rows = talk.rows.value;
  const [acted, setActed] = useState<Saying | undefined>(undefined);
  const list = useStillList(talk, rows, acted !== undefined);
  const { from, to, above, below } = list.shown;
  const missing = talk.missing.value;
  const isThread = draft.thread !== undefined;
  const isStart = talk.holds && talk.atStart && !isThread;
  if (!talk.holds && rows.length === 0) {
    return (
      <div class="room-log">
        {missing.jump === undefined ? <Skeleton rows={8} /> : <MissedNote missed={missing.jump} />}
      </div>
    );
  }
  return (
    <div class="room-log">
      <div
        class="room-scroll"
        ref={list.scroller}
        onScroll={list.onScroll}
        aria-busy={talk.isFetching}
        tabIndex={0}
        aria-label={isThread ? words.value.answers : words.value.talk}
        role="region"
      >
        {rows.length === 0 ? (
          <Empty title={words.value.empty}>{words.value.emptyHint}</Empty>
        ) : (
          <ol
            class="room-rows"
            style={{ paddingTop: `${above}px`, paddingBottom: `${below}px` }}
            ref={list.inner}
          >
            {rows.slice(from, to).map((row, i) => (
              <li key={row.key} data-key={row.key} class={`room-row-of-${row.kind}`}>
                {isStart && from + i === 0 && <p class="room-beginning">{words.value.beginning}</p>}
                {missing.older && from + i === 0 && <MissedNote missed={missing.older} />}
                <RowOf row={row} talk={talk} model={model} isThread={isThread} onAct={setActed} />
                {missing.newer && from + i === rows.length - 1 && <MissedNote missed={missing.newer} />}
              </li>
            ))}
          </ol>
        )}
      </div>
      {missing.jump && (
        <div class="room-missed">
          <MissedNote missed={missing.jump} />
        </div>
      )}
      {talk.unread.value > 0 && (
        <div class="room-to-unread">
          <Button icon="back" onPress={() => void talk.goToUnread().catch(tell)}>
            {words.value.toUnread(talk.unread.value)}
          </Button>
        </div>
      )}
      {!list.isAtEnd && (
        <div class="room-to-end">
          <Button icon="back" onPress={list.toEnd}>
            {words.value.toNewest}
          </Button>
        </div>
      )}
      {acted !== undefined && (
        <Acts
          saying={asOfNow(rows, acted, model)}
          model={model}
          draft={draft}
          onClose={() => setActed(undefined)}
        />
      )}
      <LastHeard model={model} rows={rows} />
    </div>
  );
}

/** The same message as it is by now; as it was, when it is not held any more. */
function asOfNow(rows: readonly Row[], saying: Saying, model: RoomModel): Saying {
  for (const row of rows) {
    if (row.kind === "message" && row.saying.event.seq === saying.event.seq)
      return asWanted(row.saying, model);
  }
  return saying;
}

/** Something that was to stand here could not be had. */
function MissedNote({ missed }: { readonly missed: Missed }) {
  return (
    <>
      <FaultNote fault={missed.why} />
      <Button onPress={missed.again}>{common.value.again}</Button>
    </>
  );
}

interface RowProps {
  readonly row: Row;
  readonly talk: Talk;
  readonly model: RoomModel;
  readonly isThread: boolean;
  readonly onAct: (saying: Saying) => void;
}

function RowOf({ row, model, ...rest }: RowProps) {
  switch (row.kind) {
    case "day":
      return (
        <h2 class="room-day">
          <span>{day(row.at)}</span>
        </h2>
      );
    case "new":
      return <p class="room-new">{words.value.newSince}</p>;
    case "note":
      return <p class="room-note">{noteOf(row.event)}</p>;
    case "message":
      return <MessageRow saying={row.saying} head={row.head} model={model} {...rest} />;
    case "post":
      return <PostRow post={row.post} head={row.head} model={model} />;
  }
}

/** What was heard last is read aloud to who cannot see it; what was fetched is not. */
function LastHeard({ model, rows }: { readonly model: RoomModel; readonly rows: readonly Row[] }) {
  const last = rows.findLast(({ kind }) => kind === "message");
  const [text, setText] = useState("");
  const seen = useRef<number | undefined>(undefined);
  const seq = last?.kind === "message" ? last.saying.event.seq : undefined;
  useEffect(() => {
    const before = seen.current;
    if (seq !== undefined) seen.current = Math.max(seq, before ?? 0); // who comes back from the past has heard it
    if (before === undefined || seq === undefined || seq <= before || last?.kind !== "message") return;
    const { event, text: what } = last.saying;
    if (event.sender === model.me || isFolded(event)) return;
    setText(`${model.people.person(event.sender)?.nickname ?? event.name ?? ""}: ${what}`);
  }, [seq]);
  return (
    <p class="unseen" role="status" aria-live="polite">
      {text}
    </p>
  );
}

/**
 * The place in the list, kept still. A row that goes out of sight may take the focus with it, or what a dialog would give it back
 * to: then it is the list that has it.
 */
function useStillList(talk: Talk, rows: readonly Row[], isAsking: boolean) {
  const box = useRef<HTMLDivElement | null>(null);
  const inner = useRef<HTMLOListElement>(null);
  const [place] = useState(() => new Place(GUESS));
  const [isAtEnd, setAtEnd] = useState(true);
  const [, redraw] = useState({});
  place.show(rows, talk.atEnd);
  place.lookAt(talk.target.value);
  const shown = place.shown(BEYOND);
  const drawn = useRef(shown);
  drawn.current = shown;

  const scroller = useCallback((view: HTMLDivElement | null) => {
    box.current = view;
    if (view !== null) place.begin(view);
  }, []);
  const settle = () => {
    if (box.current === null) return;
    const there = [...(inner.current?.querySelectorAll<HTMLElement>(":scope > li") ?? [])];
    const heights = there.map(
      (row) => [row.dataset["key"] ?? "", row.getBoundingClientRect().height] as const,
    );
    if (place.settle(box.current, heights)) talk.target.value = undefined; // they go on from there
    if (!has(drawn.current, place.shown(BEYOND / 2))) redraw({});
    look();
  };
  const look = () => {
    talk.looksAt(place.seq);
    const atEnd = place.isAtEnd && talk.atEnd;
    setAtEnd(atEnd);
    if (document.visibilityState === "visible" && document.hasFocus()) {
      if (place.sees(UNREAD)) talk.sawUnread();
      if (atEnd) talk.seen();
    }
    if (!talk.holds) return;
    if (place.isNear("older", NEAR)) void talk.older();
    if (place.isNear("newer", NEAR)) void talk.newer();
  };

  const isFocused = inner.current?.contains(document.activeElement) ?? false;
  const keepFocus = () => {
    if (document.activeElement === document.body) box.current?.focus({ preventScroll: true });
  };
  useLayoutEffect(() => {
    if (isFocused) keepFocus();
  });
  useLayoutEffect(() => (isAsking ? keepFocus : undefined), [isAsking]);
  useLayoutEffect(settle);
  useEffect(() => {
    let frame = 0;
    const soon = () => {
      cancelAnimationFrame(frame); // not while what is observed is being told: that may change it again
      frame = requestAnimationFrame(settle);
    };
    const watch = new ResizeObserver(soon);
    if (box.current !== null) watch.observe(box.current);
    if (inner.current !== null) watch.observe(inner.current);
    document.addEventListener("visibilitychange", look);
    addEventListener("focus", look);
    return () => {
      watch.disconnect();
      cancelAnimationFrame(frame);
      document.removeEventListener("visibilitychange", look);
      removeEventListener("focus", look);
    };
  }, [rows.length === 0]);
  useEffect(() => () => talk.looksAt(Infinity), []);

  const toEnd = () => {
    place.toEnd();
    talk.toEnd();
    settle();
  };
  return { scroller, inner, onScroll: settle, isAtEnd, toEnd, shown };
}

/** Whether all rows of `wanted` are there. */
function has(there: Shown, wanted: Shown): boolean {
  return there.from <= wanted.from && there.to >= wanted.to;
}
