import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { type Pages, usePages } from "../../app/pages.ts";
import { query } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { me } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { useTitle } from "../../app/title.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Back } from "../../parts/Back.tsx";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Prose } from "../../parts/Prose.tsx";
import { Empty, Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import { Ways } from "../../parts/Ways.tsx";
import type { AnsweredQuestion, ListedClass, Mentor, MentorReview } from "../../wire/http.ts";
import { ago, count, dateOf } from "../../words/times.ts";
import { ClassRow } from "../classes/ClassRow.tsx";
import { ReviewCard } from "../classes/ReviewCard.tsx";
import { CategoryTags } from "../learn/CategoryChoice.tsx";
import "../learn/learn.css";
import { Rating } from "../learn/Rating.tsx";
import { EditCard } from "./EditCard.tsx";
import { gathered, nameOfDay } from "./hours.ts";
import "./mentors.css";
import { workplace } from "./MentorRow.tsx";
import { words } from "./words.ts";

/** A mentor: who they are, when they are here, their classes, what others think of them, what they answered. */
export default function MentorPage({ params }: ScreenProps) {
  const mentor = params["mentor"] ?? "";
  const { state, reload, set } = useLoaded(mentor, (signal) =>
    ask("GET /api/v1/mentors/{mentor}", { path: { mentor } }, signal),
  );
  useTitle(state.kind === "ready" ? state.value.nickname : words.value.title);
  return (
    <div class="page">
      <Back to="/mentors" />
      {state.kind !== "ready" && <h1 class="unseen">{words.value.title}</h1>}
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <>
          <Head mentor={state.value} onMentor={(next) => set(() => next)} />
          <Card mentor={state.value} />
          <Parts mentor={mentor} />
        </>
      )}
    </div>
  );
}

interface HeadProps {
  readonly mentor: Mentor;
  readonly onMentor: (mentor: Mentor) => void;
}

function Head({ mentor, onMentor }: HeadProps) {
  const t = words.value;
  const isMe = mentor.id === me.value?.id;
  const [isEdited, setIsEdited] = useState(false);
  return (
    <section class="page-section">
      <header class="mentor-head">
        <Avatar name={mentor.nickname} picture={mentor.avatar} size="large" />
        <div>
          <h1>{mentor.nickname}</h1>
          <p class="soft">{workplace(mentor)}</p>
          <p class="learn-beside figures">
            <Rating rating={mentor.rating} reviews={mentor.reviews} />
            <span>{t.followers(count(mentor.followers))}</span>
            <span>{t.answers(count(mentor.answers))}</span>
          </p>
        </div>
      </header>
      <div class="page-acts">
        {isMe ? (
          <>
            <ButtonLink href="/classes/new" kind="primary" icon="plus">
              {t.newClass}
            </ButtonLink>
            <Button icon="edit" onPress={() => setIsEdited(true)}>
              {t.editCard}
            </Button>
          </>
        ) : (
          <Follow mentor={mentor} onMentor={onMentor} />
        )}
        <ButtonLink href={pathTo("/people/:person", { person: mentor.id })}>{t.profile}</ButtonLink>
      </div>
      {isEdited && <EditCard mentor={mentor} onSaved={onMentor} onClose={() => setIsEdited(false)} />}
    </section>
  );
}

/** Shown at once as it will be, and as it was when that is refused. */
function Follow({ mentor, onMentor }: HeadProps) {
  const { following, followers } = mentor;
  const task = useTask(async () => {
    const path = { mentor: mentor.id };
    onMentor({ ...mentor, following: !following, followers: followers + (following ? -1 : 1) });
    try {
      if (following) await ask("DELETE /api/v1/me/follows/{mentor}", { path });
      else await ask("PUT /api/v1/me/follows/{mentor}", { path });
    } catch (fault) {
      onMentor(mentor);
      throw fault;
    }
  });
  return (
    <>
      <Button
        kind={following ? "plain" : "primary"}
        icon={following ? "check" : "plus"}
        onPress={() => task.run()}
      >
        {following ? words.value.unfollow : words.value.follow}
      </Button>
      <FaultNote fault={task.fault} />
    </>
  );
}

function Card({ mentor }: { readonly mentor: Mentor }) {
  const t = words.value;
  return (
    <section class="card">
      <h2>{t.about}</h2>
      <Prose text={mentor.introduction} />
      <p class="tags">
        <CategoryTags of={mentor.categories} />
      </p>
      <h3>{t.hours}</h3>
      {mentor.hours.length === 0 ? (
        <p class="soft">{t.noHours}</p>
      ) : (
        <ul class="mentor-hours figures">
          {gathered(mentor.hours).map(({ days, begins, ends }) => (
            <li key={`${begins} ${ends}`}>
              <span>{days.map(nameOfDay).join(", ")}</span>
              <span>{t.span(begins, ends)}</span>
            </li>
          ))}
        </ul>
      )}
      <p class="small soft">{t.since(dateOf(mentor.since))}</p>
    </section>
  );
}

const PARTS = ["classes", "reviews", "questions"] as const;

/** One list at a time; which one stands in the address. */
function Parts({ mentor }: { readonly mentor: string }) {
  const t = words.value;
  const shown = PARTS.find((each) => each === query.value.get("show")) ?? "classes";
  const to = (part: string) => `${pathTo("/mentors/:mentor", { mentor })}?show=${part}`;
  const ways = PARTS.map((each) => [to(each), t[each]] as const);
  return (
    <>
      <Ways label={t.parts} ways={ways} here={to(shown)} />
      {shown === "classes" && <Classes mentor={mentor} />}
      {shown === "reviews" && <Reviews mentor={mentor} />}
      {shown === "questions" && <Answers mentor={mentor} />}
    </>
  );
}

function Classes({ mentor }: { readonly mentor: string }) {
  const pages: Pages<ListedClass> = usePages(mentor, async (cursor, signal) => {
    const asked = { path: { mentor }, query: { cursor } };
    const page = await ask("GET /api/v1/mentors/{mentor}/classes", asked, signal);
    return { items: page.classes, next: page.next };
  });
  const nothing = <Empty title={words.value.noClasses}>{words.value.noClassesHint}</Empty>;
  return (
    <Paged pages={pages} empty={nothing}>
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
  );
}

function Reviews({ mentor }: { readonly mentor: string }) {
  const pages: Pages<MentorReview> = usePages(mentor, async (cursor, signal) => {
    const asked = { path: { mentor }, query: { cursor } };
    const page = await ask("GET /api/v1/mentors/{mentor}/reviews", asked, signal);
    return { items: page.reviews, next: page.next };
  });
  const nothing = <Empty title={words.value.noReviews}>{words.value.noReviewsHint}</Empty>;
  return (
    <Paged pages={pages} empty={nothing}>
      {(reviews) => (
        <ul class="list">
          {reviews.map((each) => (
            <li key={`${each.person.id} ${each.class?.id}`}>
              <ReviewCard review={each} of={each.class} onTaken={pages.reload} />
            </li>
          ))}
        </ul>
      )}
    </Paged>
  );
}

function Answers({ mentor }: { readonly mentor: string }) {
  const pages: Pages<AnsweredQuestion> = usePages(mentor, async (cursor, signal) => {
    const asked = { path: { person: mentor }, query: { cursor } };
    const page = await ask("GET /api/v1/people/{person}/answers", asked, signal);
    return { items: page.answers, next: page.next };
  });
  const nothing = <Empty title={words.value.noAnswers}>{words.value.noAnswersHint}</Empty>;
  return (
    <Paged pages={pages} empty={nothing}>
      {(answers) => (
        <ul class="list">
          {answers.map(({ title, answer }) => (
            <li key={answer.id}>
              <a class="row learn-row" href={pathTo("/questions/:question", { question: answer.question })}>
                <span class="row-text">
                  <span class="row-title cut">{title}</span>
                  <span class="small soft cut">{answer.text}</span>
                  <span class="learn-beside">
                    {answer.best && <span class="tag">{words.value.best}</span>}
                    {ago(answer.answered_at)}
                  </span>
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Paged>
  );
}
