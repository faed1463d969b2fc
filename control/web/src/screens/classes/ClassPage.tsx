import type { ComponentChildren } from "preact";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { useNews } from "../../app/news.ts";
import { pathTo } from "../../app/routes.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { may, me } from "../../app/session.ts";
import { useTitle } from "../../app/title.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Back } from "../../parts/Back.tsx";
import { Prose } from "../../parts/Prose.tsx";
import { Failed, Skeleton } from "../../parts/States.tsx";
import type { Class } from "../../wire/http.ts";
import { count, dayAndTime } from "../../words/times.ts";
import { CategoryTags } from "../learn/CategoryChoice.tsx";
import "../learn/learn.css";
import { Rating } from "../learn/Rating.tsx";
import "./classes.css";
import { priceOf, StateTags } from "./ClassRow.tsx";
import { hasBegun, Mine } from "./Mine.tsx";
import { Oversight } from "./Oversight.tsx";
import { Registrants } from "./Registrants.tsx";
import { Reviews } from "./Reviews.tsx";
import { Taught } from "./Taught.tsx";
import { words } from "./words.ts";

/** A class: what it is about, how I stand to it, and what others thought of it. */
export default function ClassPage({ params }: ScreenProps) {
  const class_id = params["class"] ?? "";
  const { state, reload } = useLoaded(class_id, (signal) =>
    ask("GET /api/v1/classes/{class_id}", { path: { class_id } }, signal),
  );
  useNews((news) => news.type === "personal.class" && news.of === class_id, reload);
  useTitle(state.kind === "ready" ? state.value.title : words.value.title);
  return (
    <div class="page">
      <Back to="/classes" />
      {state.kind !== "ready" && <h1 class="unseen">{words.value.title}</h1>}
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && <Shown shown={state.value} onChanged={reload} />}
    </div>
  );
}

interface ShownProps {
  readonly shown: Class;
  readonly onChanged: () => void;
}

function Shown({ shown, onChanged }: ShownProps) {
  const isMine = shown.mentor.id === me.value?.id;
  return (
    <>
      <Head shown={shown} />
      {isMine ? <Taught shown={shown} onChanged={onChanged} /> : <Mine shown={shown} onChanged={onChanged} />}
      {may("class.review") && shown.state !== "draft" && <Oversight shown={shown} onChanged={onChanged} />}
      <About shown={shown} />
      {isMine && shown.state !== "draft" && <Registrants of={shown} />}
      {(hasBegun(shown) || shown.reviews > 0) && <Reviews of={shown} onChanged={onChanged} />}
    </>
  );
}

function Head({ shown }: { readonly shown: Class }) {
  const t = words.value;
  const { cover, mentor } = shown;
  return (
    <header class="page-section">
      {cover !== null && <img class="class-cover" src={`/api/v1/uploads/${cover}/content`} alt="" />}
      <h1>{shown.title}</h1>
      <p class="tags">
        <StateTags of={shown} />
        <CategoryTags of={shown.categories} />
      </p>
      <dl class="class-facts figures">
        <Fact name={t.mentor}>
          <a class="said-by" href={pathTo("/mentors/:mentor", { mentor: mentor.id })}>
            <Avatar name={mentor.nickname} picture={mentor.avatar} size="small" />
            {mentor.nickname}
          </a>
        </Fact>
        <Fact name={t.starts}>{dayAndTime(shown.starts_at)}</Fact>
        <Fact name={t.price}>{priceOf(shown.price)}</Fact>
        <Fact name={t.capacity}>
          {t.places(count(shown.registered), count(shown.capacity))}
          {shown.waiting > 0 && ` · ${t.waitingCount(count(shown.waiting))}`}
        </Fact>
        {shown.rating !== null && (
          <Fact name={t.ratingOf}>
            <Rating rating={shown.rating} reviews={shown.reviews} />
          </Fact>
        )}
      </dl>
    </header>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function About({ shown: { description, curriculum } }: { readonly shown: Class }) {
  return (
    <>
      {description !== "" && (
        <section class="page-section">
          <h2>{words.value.about}</h2>
          <Prose text={description} />
        </section>
      )}
      {curriculum.length > 0 && (
        <section class="page-section">
          <h2>{words.value.curriculum}</h2>
          <ol class="class-curriculum">
            {curriculum.map((part, index) => (
              <li key={index}>{part}</li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}
