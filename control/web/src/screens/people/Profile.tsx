import { useState } from "preact/hooks";
import { nameOfCategory } from "../../app/categories.ts";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { go } from "../../app/place.ts";
import { lastSeenOf, stateOf, usePresenceOf } from "../../app/presence.ts";
import { pathTo } from "../../app/routes.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { me } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Back } from "../../parts/Back.tsx";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { ReportAsked } from "../../parts/ReportAsked.tsx";
import { Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import type { Profile as Person } from "../../wire/http.ts";
import { language } from "../../words/language.ts";
import { ago, count } from "../../words/times.ts";
import { InviteAsked } from "./InviteAsked.tsx";
import "./people.css";
import { words } from "./words.ts";
import { useTitle } from "../../app/title.ts";

type Relation = Person["relations"][number];

/** Somebody, as I may see them, and what I make of them. */
export default function Profile({ params }: ScreenProps) {
  const person = params["person"] ?? "";
  const { state, reload, set } = useLoaded(person, (signal) =>
    ask("GET /api/v1/people/{person}", { path: { person } }, signal),
  );
  return (
    <div class="page">
      <Back to="/people" />
      {state.kind === "loading" && <Skeleton rows={2} />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <Card person={state.value} onRelations={(relations) => set((before) => ({ ...before, relations }))} />
      )}
    </div>
  );
}

interface CardProps {
  readonly person: Person;
  readonly onRelations: (relations: readonly Relation[]) => void;
}

function Card({ person, onRelations }: CardProps) {
  useTitle(person.nickname);
  usePresenceOf([person.id]);
  const state = stateOf(person.id);
  const lastSeen = lastSeenOf(person.id);
  const isMe = person.id === me.value?.id;
  return (
    <>
      {person.wallpaper !== null && (
        <img class="profile-wall" src={`/api/v1/uploads/${person.wallpaper}/content`} alt="" />
      )}
      <header class="profile-head">
        <Avatar name={person.nickname} picture={person.avatar} size="large" state={state} />
        <div>
          <h1 class="profile-name">
            {person.nickname}
            {person.mentor !== null && (
              <a class="tag" href={pathTo("/mentors/:mentor", { mentor: person.id })}>
                {words.value.mentor}
              </a>
            )}
            {person.bot && <span class="tag">{words.value.bot}</span>}
          </h1>
          {person.status !== "" && <p>{person.status}</p>}
          {person.badge !== null && (
            <p class="profile-badge small">
              <img src={person.badge.picture} alt="" />
              {person.badge[language.value].name}
            </p>
          )}
          {state !== null && !isMe && (
            <p class="small soft">
              {{ online: words.value.here, away: words.value.away, offline: words.value.gone }[state]}
              {lastSeen !== null && ` · ${words.value.lastSeen(ago(lastSeen))}`}
            </p>
          )}
        </div>
      </header>
      {isMe ? (
        <p class="page-acts">
          <ButtonLink href="/me">{words.value.toMe}</ButtonLink>
        </p>
      ) : (
        <Acts person={person} onRelations={onRelations} />
      )}
      {person.avatar !== null && (
        <p class="page-acts">
          <ButtonLink kind="quiet" href={pathTo("/people/:person/pictures", { person: person.id })}>
            {words.value.pictures}
          </ButtonLink>
        </p>
      )}
      {person.activity !== 0 && (
        <p class="figures small soft">{words.value.activity(count(person.activity))}</p>
      )}
      {!person.bot && <Badges person={person.id} />}
      {person.interests.length > 0 && (
        <section class="page-section">
          <h2>{words.value.interests}</h2>
          <p class="tags">
            {person.interests.map((each) => (
              <span key={each} class="tag">
                {nameOfCategory(each)}
              </span>
            ))}
          </p>
        </section>
      )}
    </>
  );
}

/** Whatever they were awarded, the last one first. */
function Badges({ person }: { readonly person: string }) {
  const { state } = useLoaded(`badges of ${person}`, (signal) =>
    ask("GET /api/v1/people/{person}/badges", { path: { person } }, signal),
  );
  if (state.kind !== "ready" || state.value.badges.length === 0) return null;
  return (
    <section class="page-section">
      <h2>{words.value.badges}</h2>
      <ul class="profile-badges">
        {state.value.badges.map((badge) => (
          <li key={badge.key} class="small" title={badge[language.value].about}>
            <img src={badge.picture} alt="" loading="lazy" />
            {badge[language.value].name}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Acts({ person, onRelations }: CardProps) {
  const { relations } = person;
  const is = (kind: Relation) => relations.includes(kind);
  const talk = useTask(async () => {
    const room = await ask("POST /api/v1/rooms/direct", { body: { person: person.id } });
    go(pathTo("/rooms/:room", { room: room.id }));
  });
  const change = async (kind: Relation) => {
    const path = { kind, person: person.id };
    if (is(kind)) await ask("DELETE /api/v1/me/relations/{kind}/{person}", { path });
    else await ask("PUT /api/v1/me/relations/{kind}/{person}", { path });
    const now = await ask("GET /api/v1/people/{person}", { path: { person: person.id } }); // one list may move another
    onRelations(now.relations);
  };
  const turn = useTask(change);
  const [asking, setAsking] = useState<"invite" | "block" | "report" | undefined>();
  const settled = () => setAsking(undefined);
  const t = words.value;
  return (
    <section class="page-section">
      <FaultNote fault={talk.fault ?? turn.fault} />
      {is("blocked") && <p class="soft">{t.blockedHint}</p>}
      <div class="page-acts">
        {!is("blocked") && (
          <>
            <Button kind="primary" icon="rooms" busy={talk.busy} onPress={() => talk.run()}>
              {t.talk}
            </Button>
            {!person.bot && <Button onPress={() => setAsking("invite")}>{t.invite}</Button>}
            <Button busy={turn.busy} onPress={() => turn.run("friend")}>
              {is("friend") ? t.removeFriend : t.addFriend}
            </Button>
            {is("friend") && (
              <Button icon="star" busy={turn.busy} onPress={() => turn.run("favourite")}>
                {is("favourite") ? t.unfavour : t.favour}
              </Button>
            )}
            <Button kind="quiet" busy={turn.busy} onPress={() => turn.run("hidden")}>
              {is("hidden") ? t.unhide : t.hide}
            </Button>
          </>
        )}
        {is("blocked") ? (
          <Button busy={turn.busy} onPress={() => turn.run("blocked")}>
            {t.unblock}
          </Button>
        ) : (
          <Button kind="danger" onPress={() => setAsking("block")}>
            {t.block}
          </Button>
        )}
        <Button kind="quiet" icon="flag" onPress={() => setAsking("report")}>
          {t.report}
        </Button>
      </div>
      {asking === "invite" && <InviteAsked person={person.id} nickname={person.nickname} onClose={settled} />}
      {asking === "report" && (
        <ReportAsked
          onReport={(body) =>
            ask("POST /api/v1/people/{person}/reports", { path: { person: person.id }, body })
          }
          onClose={settled}
        />
      )}
      {asking === "block" && (
        <Sure title={t.block} label={t.block} onSure={() => change("blocked")} onClose={settled}>
          {t.blockSure(person.nickname)}
        </Sure>
      )}
    </section>
  );
}
