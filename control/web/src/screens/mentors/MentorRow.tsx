import { pathTo } from "../../app/routes.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import type { Mentor } from "../../wire/http.ts";
import { count } from "../../words/times.ts";
import { CategoryTags } from "../learn/CategoryChoice.tsx";
import "../learn/learn.css";
import { Rating } from "../learn/Rating.tsx";
import { words } from "./words.ts";

/** A mentor of a list, and the way to their page. */
export function MentorRow({ mentor }: { readonly mentor: Mentor }) {
  return (
    <a class="row learn-row" href={pathTo("/mentors/:mentor", { mentor: mentor.id })}>
      <Avatar name={mentor.nickname} picture={mentor.avatar} />
      <span class="row-text">
        <span class="row-title cut">{mentor.nickname}</span>
        <span class="small soft cut">{workplace(mentor)}</span>
        <span class="learn-beside figures">
          <Rating rating={mentor.rating} reviews={mentor.reviews} />
          <span>{words.value.followers(count(mentor.followers))}</span>
          <span>{words.value.answers(count(mentor.answers))}</span>
        </span>
        <span class="tags">
          <CategoryTags of={mentor.categories} />
        </span>
      </span>
    </a>
  );
}

/** Where somebody works. */
export function workplace({ company, department }: Pick<Mentor, "company" | "department">): string {
  return department === "" ? company : `${company} · ${department}`;
}
