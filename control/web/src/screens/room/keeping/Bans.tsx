/** Who is kept out of a room, and why; and how they are let in again. */

import { ask } from "../../../app/http.ts";
import { usePages } from "../../../app/pages.ts";
import { pathTo } from "../../../app/routes.ts";
import type { ScreenProps } from "../../../app/screens.ts";
import { useTask } from "../../../app/task.ts";
import { Avatar } from "../../../parts/Avatar.tsx";
import { Button } from "../../../parts/Button.tsx";
import { Paged } from "../../../parts/Paged.tsx";
import { Empty, FaultNote } from "../../../parts/States.tsx";
import { say } from "../../../parts/Toasts.tsx";
import type { Bans as Ban } from "../../../wire/http.ts";
import { ago, dayAndTime } from "../../../words/times.ts";
import { KeepingPage } from "./KeepingPage.tsx";
import { words } from "./words.ts";

export default function Bans({ params }: ScreenProps) {
  return (
    <KeepingPage part="bans" params={params}>
      {(room) => <List room={room.id} />}
    </KeepingPage>
  );
}

function List({ room }: { readonly room: string }) {
  const t = words.value;
  const pages = usePages(room, async (cursor, signal) => {
    const page = await ask("GET /api/v1/rooms/{room}/bans", { path: { room }, query: { cursor } }, signal);
    return { items: page.bans, next: page.next };
  });
  return (
    <section class="page-section" aria-labelledby="bans">
      <h2 id="bans">{t.bans}</h2>
      <Paged pages={pages} empty={<Empty title={t.noBans}>{t.noBansHint}</Empty>}>
        {(bans) => (
          <ul class="list">
            {bans.map((each) => (
              <li key={each.person.id}>
                <One
                  ban={each}
                  room={room}
                  onLifted={() =>
                    pages.set((all) => all.filter(({ person }) => person.id !== each.person.id))
                  }
                />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </section>
  );
}

interface OneProps {
  readonly ban: Ban;
  readonly room: string;
  readonly onLifted: () => void;
}

function One({ ban: { person, by, reason, banned_at, until }, room, onLifted }: OneProps) {
  const t = words.value;
  const lift = useTask(async () => {
    await ask("DELETE /api/v1/rooms/{room}/bans/{person}", { path: { room, person: person.id } });
    say(t.unbanned(person.nickname));
    onLifted();
  });
  return (
    <>
      <FaultNote fault={lift.fault} />
      <div class="row keeping-row">
        <Avatar name={person.nickname} picture={person.avatar ?? null} />
        <div class="row-text">
          <a class="row-title cut" href={pathTo("/people/:person", { person: person.id })}>
            {person.nickname}
          </a>
          <span class="small soft figures">
            {t.bannedBy(by.nickname, ago(banned_at))} ·{" "}
            {until === null ? t.forGood : t.until(dayAndTime(until))}
          </span>
          {reason !== "" && <span class="small">{t.why(reason)}</span>}
        </div>
        <Button busy={lift.busy} onPress={() => lift.run()}>
          {t.unban}
        </Button>
      </div>
    </>
  );
}
