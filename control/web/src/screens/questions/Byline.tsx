import { pathTo } from "../../app/routes.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import type { Author } from "../../wire/http.ts";
import { ago, dayAndTime } from "../../words/times.ts";
import { words as learn } from "../learn/words.ts";
import { words } from "./words.ts";

interface BylineProps {
  /** Null when they left. */
  readonly author: Author | null;
  readonly at: number;
  readonly editedAt: number | null;
}

/** Who wrote something, and when. */
export function Byline({ author, at, editedAt }: BylineProps) {
  return (
    <header class="said-head">
      <Avatar name={author?.nickname ?? "·"} picture={author?.avatar ?? null} size="small" />
      <p class="learn-beside">
        {author === null ? (
          <span>{words.value.gone}</span>
        ) : (
          <a class="said-by" href={pathTo("/people/:person", { person: author.id })}>
            {author.nickname}
          </a>
        )}
        {author?.mentor === true && <span class="tag">{words.value.mentor}</span>}
        <time dateTime={new Date(at).toISOString()} title={dayAndTime(at)}>
          {ago(at)}
        </time>
        {editedAt !== null && <span>{learn.value.edited}</span>}
      </p>
    </header>
  );
}
