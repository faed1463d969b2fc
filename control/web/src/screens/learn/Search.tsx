import { useDebounced } from "../../app/debounced.ts";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { ask as askPlace, query } from "../../app/place.ts";
import { useTitle } from "../../app/title.ts";
import { ButtonLink } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Field.tsx";
import { Empty, Failed, Skeleton } from "../../parts/States.tsx";
import type { Hits, Suggestion } from "../../wire/http.ts";
import { count } from "../../words/times.ts";
import { ClassRow } from "../classes/ClassRow.tsx";
import { MentorRow } from "../mentors/MentorRow.tsx";
import { QuestionRow } from "../questions/QuestionRow.tsx";
import { ListedRoomRow } from "../rooms/ListedRoomRow.tsx";
import "./learn.css";
import { LearnWays } from "./LearnHead.tsx";
import { FEWEST, SearchBox } from "./SearchBox.tsx";
import { words } from "./words.ts";

type Hit = Hits["hits"][number];
type Kind = Suggestion["kind"];

const KINDS: readonly Kind[] = ["mentor", "class", "question", "room"];
/** All that a search gives. */
const MOST = 100;

/** What is found of a few letters. They stand in the address, so that going back finds it again. */
export default function Search() {
  useTitle(words.value.results);
  const text = query.value.get("text") ?? "";
  const kind = KINDS.find((each) => each === query.value.get("kind"));
  const sought = useDebounced(text.trim());
  return (
    <div class="page">
      <SearchBox
        text={text}
        autoFocus
        onText={(next) => askPlace({ text: next })}
        onSubmit={() => document.getElementById("found")?.focus()}
      />
      <LearnWays />
      <header class="page-head">
        <h1 id="found" tabIndex={-1}>
          {words.value.results}
        </h1>
        <Choice
          label={words.value.kind}
          value={kind ?? ""}
          options={[
            { value: "", label: words.value.everything },
            ...KINDS.map((each) => ({ value: each as string, label: words.value[each] })),
          ]}
          onChoice={(next) => askPlace({ kind: next })}
        />
      </header>
      {sought.length < FEWEST ? (
        <Empty title={words.value.tooShort}>{words.value.tooShortHint}</Empty>
      ) : (
        <Found text={sought} kind={kind ?? null} />
      )}
    </div>
  );
}

function Found({ text, kind }: { readonly text: string; readonly kind: Kind | null }) {
  const { state, reload } = useLoaded(JSON.stringify([text, kind]), (signal) =>
    ask("GET /api/v1/search", { query: { text, kind, limit: MOST } }, signal),
  );
  if (state.kind === "loading") return <Skeleton />;
  if (state.kind === "failed") return <Failed fault={state.fault} onAgain={reload} />;
  const { hits } = state.value;
  if (hits.length === 0) {
    return (
      <Empty
        title={words.value.nothing}
        act={<ButtonLink href="/questions/new">{words.value.askIt}</ButtonLink>}
      >
        {words.value.nothingHint}
      </Empty>
    );
  }
  return (
    <>
      <p class="small soft" role="status">
        {words.value.found(count(hits.length))}
      </p>
      <ul class="list">
        {hits.map((hit) => (
          <li key={keyOf(hit)}>
            <HitRow hit={hit} />
          </li>
        ))}
      </ul>
    </>
  );
}

function HitRow({ hit }: { readonly hit: Hit }) {
  switch (hit.kind) {
    case "mentor":
      return <MentorRow mentor={hit.mentor} />;
    case "class":
      return <ClassRow listed={hit.class} />;
    case "question":
      return <QuestionRow question={hit.question} />;
    case "room":
      return <ListedRoomRow room={hit.room} />;
  }
}

function keyOf(hit: Hit): string {
  switch (hit.kind) {
    case "mentor":
      return hit.mentor.id;
    case "class":
      return hit.class.id;
    case "question":
      return hit.question.id;
    case "room":
      return hit.room.id;
  }
}
