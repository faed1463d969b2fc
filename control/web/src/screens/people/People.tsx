import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { type Pages, usePages } from "../../app/pages.ts";
import { stateOf, usePresenceOf } from "../../app/presence.ts";
import { pathTo } from "../../app/routes.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import type { Related } from "../../wire/http.ts";
import { Find } from "./Find.tsx";
import "./people.css";
import { words } from "./words.ts";
import { useTitle } from "../../app/title.ts";

/** My friends, and those I would rather not see. */
export default function People() {
  useTitle(words.value.title);
  const friends = useRelations("friend");
  return (
    <div class="page">
      <h1>{words.value.title}</h1>
      <Find />
      <section class="page-section" aria-labelledby="friends">
        <h2 id="friends">{words.value.friends}</h2>
        <Paged
          pages={friends}
          empty={<Empty title={words.value.noFriends}>{words.value.noFriendsHint}</Empty>}
        >
          {(people) => <PeopleList people={favouritesFirst(people)} />}
        </Paged>
      </section>
      <Apart kind="hidden" title={words.value.hidden} />
      <Apart kind="blocked" title={words.value.blocked} />
    </div>
  );
}

/** A list that is folded until somebody wants to see it, and not fetched before. */
function Apart({ kind, title }: { readonly kind: "hidden" | "blocked"; readonly title: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="people-apart" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>{title}</h2>
      </summary>
      {isOpen && <Those kind={kind} />}
    </details>
  );
}

function Those({ kind }: { readonly kind: "hidden" | "blocked" }) {
  const people = useRelations(kind);
  return (
    <Paged pages={people} empty={<p class="soft">{words.value.nobody}</p>}>
      {(found) => <PeopleList people={found} />}
    </Paged>
  );
}

function PeopleList({ people }: { readonly people: readonly Related[] }) {
  usePresenceOf(people.map((each) => each.id));
  return (
    <ul class="list">
      {people.map((each) => (
        <li key={each.id}>
          <a class="row people-row" href={pathTo("/people/:person", { person: each.id })}>
            <Avatar name={each.nickname} picture={each.avatar} state={stateOf(each.id)} />
            <span class="row-text">
              <span class="row-title cut">{each.nickname}</span>
              {each.status !== "" && <span class="small soft cut">{each.status}</span>}
            </span>
            {each.favourite && (
              <span class="people-star" title={words.value.favourites}>
                <Icon name="star" />
                <span class="unseen">{words.value.favourites}</span>
              </span>
            )}
          </a>
        </li>
      ))}
    </ul>
  );
}

function favouritesFirst(people: readonly Related[]): readonly Related[] {
  return [...people].sort((one, other) => Number(other.favourite) - Number(one.favourite));
}

function useRelations(kind: "friend" | "hidden" | "blocked"): Pages<Related> {
  return usePages(kind, async (cursor, signal) => {
    const page = await ask("GET /api/v1/me/relations/{kind}", { path: { kind }, query: { cursor } }, signal);
    return { items: page.people, next: page.next };
  });
}
