import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { useNews } from "../../app/news.ts";
import { type Pages, usePages } from "../../app/pages.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { me } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty, Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import type { Match, Partner } from "../../wire/http.ts";
import { count, dayAndTime } from "../../words/times.ts";
import { MatchHead } from "./MatchHead.tsx";
import { ReviewDialog, titleOfScore } from "./ReviewDialog.tsx";
import { words } from "./words.ts";
import { titleOf } from "../../words/titled.ts";

/** Whom I was matched with, what I think of it, and the score that others gave me. */
export default function Matches() {
  const t = words.value;
  const pages: Pages<Match> = usePages("matches", async (cursor, signal) => {
    const page = await ask("GET /api/v1/me/matches", { query: { cursor } }, signal);
    return { items: page.matches, next: page.next };
  });
  useNews((news) => news.type === "personal.match", pages.reload);
  return (
    <div class="page">
      <MatchHead title={t.history} />
      {me.value !== undefined && <Score person={me.value.id} />}
      <Paged pages={pages} empty={<Empty title={t.noMatches}>{t.noMatchesHint}</Empty>}>
        {(matches) => (
          <ul class="page-section">
            {matches.map((each) => (
              <li key={each.id}>
                <Card
                  match={each}
                  onChanged={(now) =>
                    pages.set((all) => all.map((other) => (other.id === now.id ? now : other)))
                  }
                />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </div>
  );
}

function Score({ person }: { readonly person: string }) {
  const t = words.value;
  const { state, reload } = useLoaded(person, (signal) =>
    ask("GET /api/v1/people/{person}", { path: { person } }, signal),
  );
  return (
    <section class="card" aria-labelledby="score">
      <h2 id="score">{t.score}</h2>
      {state.kind === "loading" && <Skeleton rows={1} />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && <p class="matching-score figures">{count(state.value.activity)}</p>}
      <p class="small soft">{t.scoreHint}</p>
    </section>
  );
}

interface CardProps {
  readonly match: Match;
  readonly onChanged: (now: Match) => void;
}

function Card({ match, onChanged }: CardProps) {
  const t = words.value;
  const now = Date.now();
  const mayReview = match.meets_at <= now && now < match.review_until;
  return (
    <article class="card">
      <h2>{titleOf(match)}</h2>
      <p class="learn-beside figures">
        <span class="tag">{t[match.category]}</span>
        <span class="tag">{match.origin === "random" ? t.random : t.posts}</span>
        <time dateTime={new Date(match.meets_at).toISOString()}>{dayAndTime(match.meets_at)}</time>
      </p>
      <ul>
        {match.partners.map((each) => (
          <li key={each.person.id}>
            <PartnerRow
              match={match}
              partner={each}
              mayReview={mayReview}
              onScored={(score) =>
                onChanged({
                  ...match,
                  partners: match.partners.map((other) => (other === each ? { ...each, score } : other)),
                })
              }
            />
          </li>
        ))}
      </ul>
      {now < match.review_until && (
        <p class="small soft">
          {mayReview
            ? t.reviewUntil(dayAndTime(match.review_until))
            : t.reviewFrom(dayAndTime(match.meets_at))}
        </p>
      )}
      <ToRoom match={match} />
    </article>
  );
}

interface PartnerRowProps {
  readonly match: Match;
  readonly partner: Partner;
  readonly mayReview: boolean;
  readonly onScored: (score: Partner["score"]) => void;
}

function PartnerRow({ match, partner, mayReview, onScored }: PartnerRowProps) {
  const t = words.value;
  const [isAsked, setIsAsked] = useState(false);
  const { person, score } = partner;
  return (
    <div class="matching-partner">
      <a class="said-by" href={pathTo("/people/:person", { person: person.id })}>
        <Avatar name={person.nickname} picture={person.avatar} size="small" />
        {person.nickname}
      </a>
      {score !== null && <span class="tag">{titleOfScore(score)}</span>}
      {score === null && mayReview && (
        <Button icon="star" onPress={() => setIsAsked(true)}>
          {t.review}
        </Button>
      )}
      {isAsked && (
        <ReviewDialog match={match.id} of={person} onDone={onScored} onClose={() => setIsAsked(false)} />
      )}
    </div>
  );
}

/** Into our room; back into it for who left. */
function ToRoom({ match }: { readonly match: Match }) {
  const t = words.value;
  const back = useTask(async () => {
    const room = await ask("POST /api/v1/matches/{match}/room", { path: { match: match.id } });
    go(pathTo("/rooms/:room", { room: room.id }));
  });
  return (
    <>
      <FaultNote fault={back.fault} />
      <div class="page-acts">
        {match.room === null ? (
          <Button icon="rooms" busy={back.busy} onPress={() => back.run()}>
            {t.backToRoom}
          </Button>
        ) : (
          <ButtonLink href={pathTo("/rooms/:room", { room: match.room })} icon="rooms">
            {t.toRoom}
          </ButtonLink>
        )}
      </div>
    </>
  );
}
