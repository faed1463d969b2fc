import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useOnce } from "../../app/once.ts";
import { useLoaded } from "../../app/load.ts";
import { useNews } from "../../app/news.ts";
import { ask as askPlace, query } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { useTask } from "../../app/task.ts";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Field.tsx";
import { Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { ApplyAtRandom, RandomApplication } from "../../wire/http.ts";
import { ConditionChips } from "./ConditionChips.tsx";
import { ConditionTags } from "./ConditionTags.tsx";
import { MatchHead } from "./MatchHead.tsx";
import { TimeLeft } from "./TimeLeft.tsx";
import { words } from "./words.ts";

const CATEGORIES = ["meal", "study"] as const;
/** For how long after its end an application is worth a word. */
const FRESH_MS = 3_600_000;

type Category = (typeof CATEGORIES)[number];

/** Company at random: what would suit me, the wait, and whom it brought. */
export default function Random() {
  const t = words.value;
  const { state, reload } = useLoaded("random", (signal) => ask("GET /api/v1/matching/random", {}, signal));
  useNews((news) => news.type === "personal.match" || news.type === "personal.applied", reload);
  const asked = CATEGORIES.find((each) => each === query.value.get("category"));
  const waiting = state.kind === "ready" ? state.value.applications.find(isWaiting) : undefined;
  const category: Category = asked ?? waiting?.category ?? "meal";
  return (
    <div class="page">
      <MatchHead title={t.randomTitle} />
      <p class="soft">{t.randomHint}</p>
      <Choice
        label={t.category}
        value={category}
        options={CATEGORIES.map((each) => ({ value: each, label: t[each] }))}
        onChoice={(next) => askPlace({ category: next })}
      />
      {state.kind === "loading" && <Skeleton rows={3} />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <Standing
          key={category}
          category={category}
          last={state.value.applications.find((each) => each.category === category)}
          onChanged={reload}
        />
      )}
    </div>
  );
}

function isWaiting({ state }: RandomApplication): boolean {
  return state === "waiting";
}

interface StandingProps {
  readonly category: Category;
  /** My newest one of the category, if there is any. */
  readonly last: RandomApplication | undefined;
  readonly onChanged: () => void;
}

function Standing({ category, last, onChanged }: StandingProps) {
  if (last !== undefined && isWaiting(last)) return <Waiting application={last} onChanged={onChanged} />;
  const isFresh = last !== undefined && Date.now() - last.expires_at < FRESH_MS;
  return (
    <>
      {isFresh && <Became application={last} />}
      <ApplyForm category={category} begun={last} onApplied={onChanged} />
    </>
  );
}

interface WaitingProps {
  readonly application: RandomApplication;
  readonly onChanged: () => void;
}

function Waiting({ application, onChanged }: WaitingProps) {
  const t = words.value;
  const stop = useTask(async () => {
    const path = { application: application.id };
    await ask("DELETE /api/v1/matching/random/{application}", { path });
    say(t.stopped);
    onChanged();
  });
  return (
    <section class="card" aria-labelledby="looking">
      <h2 id="looking">{t.looking}</h2>
      <TimeLeft until={application.expires_at} onOver={onChanged} />
      <p class="tags">
        <ConditionTags of={application} />
      </p>
      <FaultNote fault={stop.fault} />
      <div class="dialog-acts">
        <Button busy={stop.busy} onPress={() => stop.run()}>
          {t.stop}
        </Button>
      </div>
    </section>
  );
}

/** What became of the last one. */
function Became({ application: { state, room, agreed } }: { readonly application: RandomApplication }) {
  const t = words.value;
  if (state === "expired") {
    return (
      <p class="card" role="status">
        {t.expired}
      </p>
    );
  }
  if (state !== "matched") return null;
  return (
    <section class="card" role="status" aria-labelledby="found">
      <h2 id="found">{t.found}</h2>
      {agreed !== null && (
        <p class="tags">
          <span class="small soft">{t.inCommon}</span>
          <ConditionTags of={agreed} />
        </p>
      )}
      {room !== null && (
        <p>
          <ButtonLink href={pathTo("/rooms/:room", { room })} kind="primary" icon="rooms">
            {t.toRoom}
          </ButtonLink>
        </p>
      )}
    </section>
  );
}

interface ApplyFormProps {
  readonly category: Category;
  /** What I looked for the last time is a good beginning. */
  readonly begun: RandomApplication | undefined;
  readonly onApplied: () => void;
}

function ApplyForm({ category, begun, onApplied }: ApplyFormProps) {
  const t = words.value;
  const [places, setPlaces] = useState(begun?.places ?? []);
  const [topics, setTopics] = useState((category === "meal" ? begun?.ways : begun?.kinds) ?? []);
  const [tried, setTried] = useState(false);
  const once = useOnce();
  const task = useTask(async () => {
    const of = category === "meal" ? { ways: topics } : { kinds: topics };
    const application: ApplyAtRandom = { category, places, ...of };
    await once(application, (body) => ask("POST /api/v1/matching/random", { body }));
    onApplied();
  });
  const missing = (chosen: readonly string[]) => (tried && chosen.length === 0 ? t.oneAtLeast : undefined);
  return (
    <form
      class="card"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (places.length > 0 && topics.length > 0) task.run();
      }}
    >
      <ConditionChips
        list="places"
        label={t.places}
        fault={missing(places)}
        chosen={places}
        onChange={setPlaces}
      />
      <ConditionChips
        list={category === "meal" ? "ways" : "kinds"}
        label={category === "meal" ? t.waysOf : t.kindsOf}
        fault={missing(topics)}
        chosen={topics}
        onChange={setTopics}
      />
      <FaultNote fault={task.fault} />
      <div class="dialog-acts">
        <Button kind="primary" submits busy={task.busy}>
          {begun === undefined ? t.apply : t.again}
        </Button>
      </div>
    </form>
  );
}
