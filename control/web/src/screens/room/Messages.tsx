/**
 * What was said, as a list of which only what can be seen is there. What one looks at stays where it is while the list grows
 * at either end, while pictures come and while the window changes its size; who is at its end stays there.
 */

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isFolded } from "../../app/blocked.ts";
import { Button } from "../../parts/Button.tsx";
import { Empty, FaultNote, Skeleton } from "../../parts/States.tsx";
import type { RoomModel } from "../../room/model.ts";
import type { Row } from "../../room/rows.ts";
import type { Saying } from "../../room/saying.ts";
import type { Talk } from "../../room/talk.ts";
import { type Anchor, Heights } from "../../room/virtual.ts";
import { day } from "../../words/times.ts";
import type { Draft } from "./draft.ts";
import { Acts } from "./Acts.tsx";
import { MessageRow } from "./MessageRow.tsx";
import { noteOf } from "./notes.ts";
import { PostRow } from "./PostRow.tsx";
import { words } from "./words.ts";

/** A row is about so high until it was measured. */
const GUESS = 56;
/** So much more than can be seen is there. */
const BEYOND = 800;
/** Nearer to an end than this the next page is fetched. */
const NEAR = 1_200;

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
  const isThread = draft.thread !== undefined;
  const isStart = talk.holds && talk.atStart && !isThread;
  if (!talk.holds && rows.length === 0) {
    return (
      <div class="room-log">
        {talk.fault.value === undefined ? (
          <Skeleton rows={8} />
        ) : (
          <>
            <FaultNote fault={talk.fault.value} />
            <Button onPress={() => void talk.newest()}>{words.value.toNewest}</Button>
          </>
        )}
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
                <RowOf row={row} talk={talk} model={model} isThread={isThread} onAct={setActed} />
              </li>
            ))}
          </ol>
        )}
      </div>
      {!list.isAtEnd && (
        <div class="room-to-end">
          <Button icon="back" onPress={list.toEnd}>
            {words.value.toNewest}
          </Button>
        </div>
      )}
      {acted !== undefined && (
        <Acts saying={acted} model={model} draft={draft} onClose={() => setActed(undefined)} />
      )}
      <LastHeard model={model} rows={rows} />
    </div>
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
  const last = rows.at(-1);
  const [text, setText] = useState("");
  const seen = useRef<number | undefined>(undefined);
  const seq = last?.kind === "message" ? last.saying.event.seq : undefined;
  useEffect(() => {
    const before = seen.current;
    if (seq !== undefined) seen.current = seq;
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
  const scroller = useRef<HTMLDivElement>(null);
  const inner = useRef<HTMLOListElement>(null);
  const heights = useRef(new Heights(GUESS)).current;
  const anchor = useRef<Anchor>({ kind: "end" });
  const [view, setView] = useState({ top: 0, height: 800 });
  const [isAtEnd, setAtEnd] = useState(true);
  const target = talk.target.value;
  heights.keys = rows.map(({ key }) => key);
  const top = heights.topOf(anchor.current, view.height) ?? view.top;

  const settle = () => {
    const box = scroller.current;
    if (box === null) return;
    const rowsThere = inner.current?.querySelectorAll<HTMLElement>(":scope > li") ?? [];
    heights.measure([...rowsThere].map((each) => [each.dataset["key"] ?? "", each.offsetHeight] as const));
    const wanted = heights.topOf(anchor.current, box.clientHeight);
    if (inner.current !== null && wanted !== undefined && Math.abs(box.scrollTop - wanted) > 0.5)
      box.scrollTop = wanted;
    look();
  };
  const look = () => {
    const box = scroller.current;
    if (box === null) return;
    setView((before) =>
      before.top === box.scrollTop && before.height === box.clientHeight
        ? before
        : { top: box.scrollTop, height: box.clientHeight },
    );
    const atEnd = anchor.current.kind === "end" && talk.atEnd;
    setAtEnd(atEnd);
    if (atEnd && document.visibilityState === "visible") talk.seen();
    if (!talk.holds) return;
    if (box.scrollTop < NEAR) void talk.older();
    if (box.scrollTop + box.clientHeight > heights.whole - NEAR) void talk.newer();
  };
  const onScroll = () => {
    const box = scroller.current;
    if (box === null) return;
    anchor.current = heights.anchorAt(box.scrollTop, box.clientHeight);
    look();
  };

  const isFocused = inner.current?.contains(document.activeElement) ?? false;
  const keepFocus = () => {
    if (document.activeElement === document.body) scroller.current?.focus({ preventScroll: true });
  };
  useLayoutEffect(() => {
    if (isFocused) keepFocus();
  });
  useEffect(() => (isAsking ? keepFocus : undefined), [isAsking]);
  useLayoutEffect(settle);
  useEffect(() => {
    let frame = 0;
    const soon = () => {
      cancelAnimationFrame(frame); // not while what is observed is being told: that may change it again
      frame = requestAnimationFrame(settle);
    };
    const watch = new ResizeObserver(soon);
    if (scroller.current !== null) watch.observe(scroller.current);
    if (inner.current !== null) watch.observe(inner.current);
    document.addEventListener("visibilitychange", look);
    return () => {
      watch.disconnect();
      cancelAnimationFrame(frame);
      document.removeEventListener("visibilitychange", look);
    };
  }, [rows.length === 0]);
  useEffect(() => {
    if (target === undefined) return;
    const row = rows.find((each) => each.kind === "message" && each.saying.event.seq === target);
    if (row === undefined) return;
    anchor.current = { kind: "row", key: row.key, below: -view.height / 3 };
    settle();
  }, [target, rows]);

  const last = rows.at(-1);
  const mine = last?.kind === "post" ? last.key : undefined;
  useEffect(() => {
    if (mine === undefined) return;
    anchor.current = { kind: "end" }; // whoever says something looks at where it stands
    settle();
  }, [mine]);

  const toEnd = () => {
    anchor.current = { kind: "end" };
    talk.target.value = undefined;
    if (talk.atEnd) settle();
    else void talk.newest();
  };
  return { scroller, inner, onScroll, isAtEnd, toEnd, shown: heights.shown(top, view.height, BEYOND) };
}
