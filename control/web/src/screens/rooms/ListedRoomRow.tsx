import { useState } from "preact/hooks";
import { nameOfCategory } from "../../app/categories.ts";
import { ask } from "../../app/http.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { useTask } from "../../app/task.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { FaultNote } from "../../parts/States.tsx";
import type { ListedRoom } from "../../wire/http.ts";
import { PasswordAsked } from "./PasswordAsked.tsx";
import { words } from "./words.ts";

/** A room that one may go into, and the way in. */
export function ListedRoomRow({ room }: { readonly room: ListedRoom }) {
  const [asked, setAsked] = useState(false);
  const to = pathTo("/rooms/:room", { room: room.id });
  const task = useTask(async () => {
    if (room.visibility === "secret") {
      setAsked(true);
      return;
    }
    await ask("POST /api/v1/rooms/{room}/join", { path: { room: room.id } });
    go(to);
  });
  const isFull = room.member_count >= room.capacity;
  return (
    <>
      <div class="row">
        <Avatar name={room.title} picture={room.image} />
        <div class="row-text">
          <span class="row-title cut">{room.title}</span>
          {room.description !== "" && <span class="small soft cut">{room.description}</span>}
          <Tags room={room} />
        </div>
        {room.joined ? (
          <ButtonLink href={to}>{words.value.goIn}</ButtonLink>
        ) : (
          <Button busy={task.busy} disabled={isFull} onPress={() => task.run()}>
            {isFull ? words.value.full : words.value.join}
          </Button>
        )}
      </div>
      <FaultNote fault={task.fault} />
      {asked && <PasswordAsked room={room.id} title={room.title} onClose={() => setAsked(false)} />}
    </>
  );
}

function Tags({ room }: { readonly room: ListedRoom }) {
  return (
    <span class="tags">
      <span class="tag figures">{words.value.members(room.member_count, room.capacity)}</span>
      {room.visibility === "secret" && (
        <span class="tag">
          <Icon name="lock" size={12} />
          {words.value.secret}
        </span>
      )}
      {room.category !== null && <span class="tag">{nameOfCategory(room.category)}</span>}
      {room.tags.map((tag) => (
        <span key={tag} class="tag">
          #{tag}
        </span>
      ))}
    </span>
  );
}
