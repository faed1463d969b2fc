/** What was done in a room by those who keep order there: written with the act itself, and never changed. */

import { ask } from "../../../app/http.ts";
import { usePages } from "../../../app/pages.ts";
import { pathTo } from "../../../app/routes.ts";
import type { ScreenProps } from "../../../app/screens.ts";
import { Paged } from "../../../parts/Paged.tsx";
import { Empty } from "../../../parts/States.tsx";
import type { Deed } from "../../../wire/http.ts";
import { dayAndTime } from "../../../words/times.ts";
import { roomPath } from "../paths.ts";
import { messageOfDeed, moreOfDeed, titleOfDeed } from "./deeds.ts";
import { KeepingPage } from "./KeepingPage.tsx";
import { words } from "./words.ts";

export default function Audit({ params }: ScreenProps) {
  return (
    <KeepingPage part="audit" params={params}>
      {(room) => <List room={room.id} />}
    </KeepingPage>
  );
}

function List({ room }: { readonly room: string }) {
  const t = words.value;
  const pages = usePages(room, async (cursor, signal) => {
    const page = await ask("GET /api/v1/rooms/{room}/audit", { path: { room }, query: { cursor } }, signal);
    return { items: page.deeds, next: page.next };
  });
  return (
    <section class="page-section" aria-labelledby="audit">
      <h2 id="audit">{t.audit}</h2>
      <Paged pages={pages} empty={<Empty title={t.noDeeds}>{t.noDeedsHint}</Empty>}>
        {(deeds) => (
          <ol class="list">
            {deeds.map((each) => (
              <li key={each.id}>
                <One deed={each} room={room} />
              </li>
            ))}
          </ol>
        )}
      </Paged>
    </section>
  );
}

function One({ deed, room }: { readonly deed: Deed; readonly room: string }) {
  const { at, by, person } = deed;
  const seq = messageOfDeed(deed);
  const more = moreOfDeed(deed);
  return (
    <div class="row">
      <span class="row-text">
        <span>
          <b>{titleOfDeed(deed)}</b>
          {person !== null && (
            <>
              {" · "}
              <a href={pathTo("/people/:person", { person: person.id })}>{person.nickname}</a>
            </>
          )}
        </span>
        {more.length > 0 && <span class="small">{more.join(" · ")}</span>}
        <span class="small soft figures">
          {by.nickname} · {dayAndTime(at)}
          {seq !== undefined && (
            <>
              {" · "}
              <a href={roomPath(room, seq)}>{words.value.said}</a>
            </>
          )}
        </span>
      </span>
    </div>
  );
}
