import { ask } from "../../app/http.ts";
import { useNews } from "../../app/news.ts";
import { type Page, usePages } from "../../app/pages.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { useTask } from "../../app/task.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Button } from "../../parts/Button.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { FaultNote } from "../../parts/States.tsx";
import type { Invitation } from "../../wire/http.ts";
import { ago } from "../../words/times.ts";
import { words } from "./words.ts";

/** A page of who asks me into which room. */
export async function invitations(cursor: string | null, signal: AbortSignal): Promise<Page<Invitation>> {
  const page = await ask("GET /api/v1/me/invitations", { query: { cursor } }, signal);
  return { items: page.invitations, next: page.next };
}

/** Who asks me in. Nothing at all when nobody does. */
export function Invitations() {
  const pages = usePages("invitations", invitations);
  const { items, next, fault, reload, set } = pages;
  useNews(({ type }) => type === "personal.invitation", reload);
  const isNothing = items === undefined ? fault === undefined : items.length === 0 && next === null;
  if (isNothing) return null;
  const settled = (done: Invitation) => set((before) => before.filter((each) => each.id !== done.id));
  return (
    <section class="page-section" aria-labelledby="invitations">
      <h2 id="invitations">{words.value.invitations}</h2>
      <Paged pages={pages} empty={null}>
        {(shown) => (
          <ul class="list">
            {shown.map((each) => (
              <li key={each.id}>
                <InvitationRow
                  invitation={each}
                  onAccepted={() => go(pathTo("/rooms/:room", { room: each.room.id }))}
                  onDeclined={() => settled(each)}
                />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </section>
  );
}

interface RowProps {
  readonly invitation: Invitation;
  readonly onAccepted: () => void;
  readonly onDeclined: () => void;
}

/** Who asks me into which room, and my answer. */
export function InvitationRow({ invitation, onAccepted, onDeclined }: RowProps) {
  const { id, room, by, invited_at } = invitation;
  const accept = useTask(async () => {
    await ask("POST /api/v1/me/invitations/{invitation}/accept", { path: { invitation: id } });
    onAccepted();
  });
  const decline = useTask(async () => {
    await ask("DELETE /api/v1/me/invitations/{invitation}", { path: { invitation: id } });
    onDeclined();
  });
  return (
    <>
      <div class="row">
        <Avatar name={room.title} picture={room.image} />
        <div class="row-text">
          <span class="row-title cut">{room.title}</span>
          <span class="small soft">
            {words.value.invited(by.nickname)} · {ago(invited_at)}
          </span>
        </div>
        <Button kind="quiet" busy={decline.busy} onPress={() => decline.run()}>
          {words.value.decline}
        </Button>
        <Button kind="primary" busy={accept.busy} onPress={() => accept.run()}>
          {words.value.accept}
        </Button>
      </div>
      <FaultNote fault={accept.fault ?? decline.fault} />
    </>
  );
}
