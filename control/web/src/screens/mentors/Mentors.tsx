import { ask } from "../../app/http.ts";
import { usePages } from "../../app/pages.ts";
import { ask as askPlace, query } from "../../app/place.ts";
import { may } from "../../app/session.ts";
import { ButtonLink } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Field.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import { CategoryChoice } from "../learn/CategoryChoice.tsx";
import { LearnHead } from "../learn/LearnHead.tsx";
import { MentorRow } from "./MentorRow.tsx";
import { words } from "./words.ts";

const ORDERS = ["followers", "answers", "rating"] as const;

/** The mentors there are, or those I follow. */
export default function Mentors() {
  const t = words.value;
  const category = query.value.get("category") ?? "";
  const by = ORDERS.find((each) => each === query.value.get("by")) ?? "followers";
  const isFollowed = query.value.get("which") === "followed";
  const pages = usePages(JSON.stringify([isFollowed, category, by]), async (cursor, signal) => {
    const page = isFollowed
      ? await ask("GET /api/v1/me/follows", { query: { cursor } }, signal)
      : await ask("GET /api/v1/mentors", { query: { cursor, by, category: category || null } }, signal);
    return { items: page.mentors, next: page.next };
  });
  return (
    <div class="page">
      <LearnHead
        title={t.title}
        acts={!may("mentor.edit") && <ButtonLink href="/mentors/apply">{t.apply}</ButtonLink>}
      />
      <div class="learn-filters">
        <Choice
          label={t.which}
          value={isFollowed ? "followed" : ""}
          options={[
            { value: "", label: t.allMentors },
            { value: "followed", label: t.followed },
          ]}
          onChoice={(which) => askPlace({ which })}
        />
        {!isFollowed && (
          <>
            <CategoryChoice value={category} onChoice={(next) => askPlace({ category: next })} />
            <Choice
              label={t.order}
              value={by}
              options={[
                { value: "followers", label: t.byFollowers },
                { value: "answers", label: t.byAnswers },
                { value: "rating", label: t.byRating },
              ]}
              onChoice={(next) => askPlace({ by: next })}
            />
          </>
        )}
      </div>
      <Paged pages={pages} empty={isFollowed ? <NoneFollowed /> : <Empty title={t.none}>{t.noneHint}</Empty>}>
        {(mentors) => (
          <ul class="list">
            {mentors.map((each) => (
              <li key={each.id}>
                <MentorRow mentor={each} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </div>
  );
}

function NoneFollowed() {
  return (
    <Empty
      title={words.value.noneFollowed}
      act={<ButtonLink href="/mentors">{words.value.seeAll}</ButtonLink>}
    >
      {words.value.noneFollowedHint}
    </Empty>
  );
}
