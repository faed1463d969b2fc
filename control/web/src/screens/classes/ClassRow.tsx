import { pathTo } from "../../app/routes.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import type { ListedClass } from "../../wire/http.ts";
import { count, dayAndTime } from "../../words/times.ts";
import { CategoryTags } from "../learn/CategoryChoice.tsx";
import "../learn/learn.css";
import { Rating } from "../learn/Rating.tsx";
import "./classes.css";
import { words } from "./words.ts";

/** A class of a list, and the way to its page. */
export function ClassRow({ listed }: { readonly listed: ListedClass }) {
  const t = words.value;
  return (
    <a class="row learn-row" href={pathTo("/classes/:class", { class: listed.id })}>
      {listed.cover === null ? (
        <Avatar name={listed.title} />
      ) : (
        <img
          class="class-thumb"
          src={`/api/v1/uploads/${listed.cover}/content?size=thumbnail`}
          alt=""
          loading="lazy"
        />
      )}
      <span class="row-text">
        <span class="row-title cut">{listed.title}</span>
        <span class="small soft cut">
          {listed.mentor.nickname} · {dayAndTime(listed.starts_at)}
        </span>
        <span class="learn-beside figures">
          <span>{priceOf(listed.price)}</span>
          <span>{t.places(count(listed.registered), count(listed.capacity))}</span>
          {listed.rating !== null && <Rating rating={listed.rating} reviews={listed.reviews} />}
        </span>
        <span class="tags">
          <StateTags of={listed} />
          <CategoryTags of={listed.categories} />
        </span>
      </span>
    </a>
  );
}

/** How it stands with a class, as far as that is not what one expects of it. */
export function StateTags({
  of: { mine, state, called_off, unlisted, registered, capacity },
}: {
  of: ListedClass;
}) {
  const t = words.value;
  const said = [
    mine !== null && t[mine],
    called_off ? t.calledOff : state !== "open" && t[state],
    unlisted && t.unlisted,
    mine === null && state === "open" && registered >= capacity && t.full,
  ];
  return (
    <>
      {said.map((each) =>
        each === false ? null : (
          <span key={each} class={each === t.registered || each === t.waiting ? "tag tag-mine" : "tag"}>
            {each}
          </span>
        ),
      )}
    </>
  );
}

export function priceOf(price: number): string {
  return price === 0 ? words.value.free : words.value.points(count(price));
}
