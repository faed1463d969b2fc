import { ask } from "../../app/http.ts";
import { usePages } from "../../app/pages.ts";
import { isHere, stateOf, usePresenceOf } from "../../app/presence.ts";
import { pathTo } from "../../app/routes.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { LIMITS } from "../../wire/limits.ts";
import { words } from "./words.ts";

/** Friends who are here now, of those I made last: their faces, live. Nothing at all while nobody is. */
export function Friends() {
  const { items: friends = [] } = usePages("friends", async (_, signal) => {
    const asked = { path: { kind: "friend" }, query: { limit: LIMITS.people_asked } } as const;
    const page = await ask("GET /api/v1/me/relations/{kind}", asked, signal);
    return { items: page.people, next: page.next };
  });
  usePresenceOf(friends.map((each) => each.id));
  const here = friends.filter(({ id }) => isHere(id));
  if (here.length === 0) return null;
  return (
    <section class="page-section" aria-labelledby="friends-here">
      <h2 id="friends-here">{words.value.friendsHere}</h2>
      <ul class="home-friends">
        {here.map((each) => (
          <li key={each.id}>
            <a class="home-friend" href={pathTo("/people/:person", { person: each.id })}>
              <Avatar name={each.nickname} picture={each.avatar} state={stateOf(each.id)} />
              <span class="small cut">{each.nickname}</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
