import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { pathTo } from "../../app/routes.ts";
import { may, me } from "../../app/session.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Button } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { Prose } from "../../parts/Prose.tsx";
import { ReportAsked } from "../../parts/ReportAsked.tsx";
import { Sure } from "../../parts/Sure.tsx";
import type { Review, ReviewedClass } from "../../wire/http.ts";
import { ago } from "../../words/times.ts";
import { oneDecimal } from "../learn/Rating.tsx";
import { words as learn } from "../learn/words.ts";
import "./classes.css";
import { words } from "./words.ts";

interface ReviewCardProps {
  readonly review: Review;
  /** The class it is about; null where that is not to be seen. */
  readonly of: ReviewedClass | null;
  /** Where it stands below its class, that is not said again. */
  readonly isBelowIt?: boolean;
  /** An admin took it away. */
  readonly onTaken: () => void;
}

/** What somebody thinks of a class. */
export function ReviewCard({ review, of, isBelowIt = false, onTaken }: ReviewCardProps) {
  const [isReported, setIsReported] = useState(false);
  const [isTaken, setIsTaken] = useState(false);
  const { person, stars, text, reviewed_at, edited_at } = review;
  return (
    <article class="said review">
      <header class="learn-beside">
        <Avatar name={person.nickname} picture={person.avatar} size="small" />
        <span class="rating figures">
          <Icon name="star" size={14} />
          <span aria-hidden="true">{oneDecimal(stars)}</span>
          <span class="unseen">{words.value.starsSaid(oneDecimal(stars))}</span>
        </span>
        <a href={pathTo("/people/:person", { person: person.id })}>{person.nickname}</a>
        <span>
          {ago(reviewed_at)}
          {edited_at !== null && ` · ${learn.value.edited}`}
        </span>
      </header>
      {text !== "" && <Prose text={text} />}
      {of !== null && !isBelowIt && (
        <p class="small">
          <a href={pathTo("/classes/:class", { class: of.id })}>{of.title}</a>
        </p>
      )}
      {of !== null && person.id !== me.value?.id && (
        <div class="said-acts">
          <Button kind="quiet" onPress={() => setIsReported(true)}>
            {learn.value.report}
          </Button>
          {may("class.review") && (
            <Button kind="quiet" onPress={() => setIsTaken(true)}>
              {words.value.takeAway}
            </Button>
          )}
        </div>
      )}
      {of !== null && isTaken && (
        <Sure
          title={words.value.takeAwaySure}
          label={words.value.takeAway}
          onSure={async () => {
            const path = { class_id: of.id, person: person.id };
            await ask("DELETE /api/v1/admin/classes/{class_id}/reviews/{person}", { path });
            onTaken();
          }}
          onClose={() => setIsTaken(false)}
        >
          {words.value.takeAwayHint}
        </Sure>
      )}
      {of !== null && isReported && (
        <ReportAsked
          onClose={() => setIsReported(false)}
          onReport={async (body) => {
            const path = { class_id: of.id, person: person.id };
            await ask("POST /api/v1/classes/{class_id}/reviews/{person}/reports", { path, body });
          }}
        />
      )}
    </article>
  );
}
