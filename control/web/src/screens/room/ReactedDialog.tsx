/** Who reacted to a message, and how. */

import { pathTo } from "../../app/routes.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import type { RoomModel } from "../../room/model.ts";
import { reactionsOf, type Saying } from "../../room/saying.ts";
import { words } from "./words.ts";

interface ReactedProps {
  readonly saying: Saying;
  readonly model: RoomModel;
  readonly onClose: () => void;
}

export function ReactedDialog({ saying, model, onClose }: ReactedProps) {
  const t = words.value;
  const reactions = reactionsOf(saying, model.me);
  return (
    <Dialog title={t.whoReacted} onClose={onClose}>
      {reactions.length === 0 && <p class="soft">{t.nobodyReacted}</p>}
      {reactions.map(({ emoji, count, users }) => (
        <section key={emoji} aria-label={`${emoji} ${count}`}>
          <h3 class="figures">
            {emoji} {count}
          </h3>
          <ul class="room-members">
            {users.map((id) => (
              <li key={id}>
                <Who id={id} model={model} />
              </li>
            ))}
          </ul>
          {count > users.length && <p class="small soft">{t.andOthers(count - users.length)}</p>}
        </section>
      ))}
    </Dialog>
  );
}

function Who({ id, model }: { readonly id: string; readonly model: RoomModel }) {
  const person = model.people.person(id);
  const name = person?.nickname ?? words.value.somebody;
  return (
    <a class="row" href={pathTo("/people/:person", { person: id })}>
      <Avatar name={name} picture={person?.avatar ?? null} />
      <span class="row-text cut">{id === model.me ? words.value.you : name}</span>
    </a>
  );
}
