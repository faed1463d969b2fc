import { ask } from "../../app/http.ts";
import { usePages } from "../../app/pages.ts";
import { ask as askPlace, query } from "../../app/place.ts";
import { may, me } from "../../app/session.ts";
import { ButtonLink } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Field.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import type { Classes as Page } from "../../wire/http.ts";
import { CategoryChoice } from "../learn/CategoryChoice.tsx";
import { LearnHead } from "../learn/LearnHead.tsx";
import { ClassRow } from "./ClassRow.tsx";
import { words } from "./words.ts";

const LISTS = ["open", "mine", "taught"] as const;
type List = (typeof LISTS)[number];

/** The classes one can register for, or those I am in, or those I give. */
export default function Classes() {
  const t = words.value;
  const category = query.value.get("category") ?? "";
  const by = query.value.get("by") === "start" ? "start" : "newest";
  const which = LISTS.find((each) => each === query.value.get("which")) ?? "open";
  const pages = usePages(JSON.stringify([which, category, by]), async (cursor, signal) => {
    const page = await fetchPage(which, { cursor, category: category || null, by }, signal);
    return { items: page.classes, next: page.next };
  });
  const gives = may("class.create");
  return (
    <div class="page">
      <LearnHead
        title={t.title}
        acts={
          gives && (
            <ButtonLink href="/classes/new" kind="primary" icon="plus">
              {t.make}
            </ButtonLink>
          )
        }
      />
      <div class="learn-filters">
        <Choice
          label={t.which}
          value={which}
          options={[
            { value: "open", label: t.allOpen },
            { value: "mine", label: t.mine },
            ...(gives ? [{ value: "taught" as const, label: t.taught }] : []),
          ]}
          onChoice={(next) => askPlace({ which: next === "open" ? null : next })}
        />
        {which === "open" && (
          <>
            <CategoryChoice value={category} onChoice={(next) => askPlace({ category: next })} />
            <Choice
              label={t.order}
              value={by}
              options={[
                { value: "newest", label: t.newest },
                { value: "start", label: t.soonest },
              ]}
              onChoice={(next) => askPlace({ by: next })}
            />
          </>
        )}
      </div>
      <Paged pages={pages} empty={<Nothing which={which} />}>
        {(classes) => (
          <ul class="list">
            {classes.map((each) => (
              <li key={each.id}>
                <ClassRow listed={each} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </div>
  );
}

interface Wanted {
  readonly cursor: string | null;
  readonly category: string | null;
  readonly by: "newest" | "start";
}

function fetchPage(which: List, { cursor, category, by }: Wanted, signal: AbortSignal): Promise<Page> {
  switch (which) {
    case "open":
      return ask("GET /api/v1/classes", { query: { cursor, category, by } }, signal);
    case "mine":
      return ask("GET /api/v1/me/classes", { query: { cursor } }, signal);
    case "taught": {
      const path = { mentor: me.peek()?.id ?? "" };
      return ask("GET /api/v1/mentors/{mentor}/classes", { path, query: { cursor } }, signal);
    }
  }
}

function Nothing({ which }: { readonly which: List }) {
  const t = words.value;
  switch (which) {
    case "open":
      return (
        <Empty title={t.none} act={<ButtonLink href="/mentors">{t.toMentors}</ButtonLink>}>
          {t.noneHint}
        </Empty>
      );
    case "mine":
      return (
        <Empty title={t.noneMine} act={<ButtonLink href="/classes">{t.seeOpen}</ButtonLink>}>
          {t.noneMineHint}
        </Empty>
      );
    case "taught":
      return (
        <Empty title={t.noneTaught} act={<ButtonLink href="/classes/new">{t.make}</ButtonLink>}>
          {t.noneTaughtHint}
        </Empty>
      );
  }
}
