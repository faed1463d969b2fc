/** What a room is for, how to get others in, and how loud it may be. */

import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Choice } from "../../parts/Field.tsx";
import { Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { RoomModel } from "../../room/model.ts";
import type { Membership, Room } from "../../wire/http.ts";
import { span } from "../../words/times.ts";
import { reload } from "../../yard/rooms.ts";
import { EditRoom } from "./EditRoom.tsx";
import { words } from "./words.ts";

interface AboutProps {
  readonly model: RoomModel;
  readonly onClose: () => void;
}

export function AboutDialog({ model, onClose }: AboutProps) {
  const info = model.info.value;
  return (
    <Dialog title={words.value.about} onClose={onClose}>
      {info.kind === "loading" && <Skeleton rows={3} />}
      {info.kind === "failed" && <Failed fault={info.fault} onAgain={() => void model.load()} />}
      {info.kind === "ready" && <About room={info.value} model={model} />}
    </Dialog>
  );
}

function About({ room, model }: { readonly room: Room; readonly model: RoomModel }) {
  const role = model.people.members.value.get(model.me)?.role;
  const keepsOrder = room.kind !== "direct" && (role === "owner" || role === "moderator");
  const [isEdited, setEdited] = useState(false);
  const link = useTask(async () => {
    const { code } = await ask("POST /api/v1/rooms/{room}/links", { path: { room: room.id } });
    await copy(`${location.origin}/links/${code}`);
  });
  if (isEdited) {
    return (
      <EditRoom
        room={room}
        isOwner={role === "owner"}
        onCancel={() => setEdited(false)}
        onSaved={(value) => {
          model.info.value = { kind: "ready", value };
          setEdited(false);
          void reload();
        }}
      />
    );
  }
  return (
    <>
      {room.image !== null && <Avatar name={room.title} picture={room.image} size="large" />}
      {room.description !== "" && <p class="say-text">{room.description}</p>}
      {room.tags.length > 0 && (
        <p class="tags">
          {room.tags.map((tag) => (
            <span key={tag} class="tag">
              {tag}
            </span>
          ))}
        </p>
      )}
      {room.slow_mode > 0 && <p class="soft">{words.value.slow(span(room.slow_mode))}</p>}
      {room.join_code !== null && (
        <div class="row-acts">
          <p>
            {words.value.joinCode} <b class="figures">{room.join_code}</b>
          </p>
          <Button kind="quiet" icon="copy" onPress={() => void copy(room.join_code ?? "")}>
            {words.value.copy}
          </Button>
        </div>
      )}
      {keepsOrder && (
        <div class="row-acts">
          <Button icon="edit" onPress={() => setEdited(true)}>
            {words.value.edit}
          </Button>
          <Button icon="plus" busy={link.busy} onPress={() => link.run()}>
            {words.value.makeLink}
          </Button>
        </div>
      )}
      <FaultNote fault={link.fault} />
      {room.membership !== null && <Loudness room={room} membership={room.membership} model={model} />}
    </>
  );
}

interface LoudnessProps {
  readonly room: Room;
  readonly membership: Membership;
  readonly model: RoomModel;
}

function Loudness({ room, membership, model }: LoudnessProps) {
  const task = useTask(async (notifications: Membership["notifications"]) => {
    const path = { room: room.id };
    await ask("PUT /api/v1/rooms/{room}/notifications", { path, body: { notifications } });
    model.info.value = {
      kind: "ready",
      value: { ...room, membership: { ...membership, notifications } },
    };
    void reload();
  });
  return (
    <>
      <Choice
        label={words.value.notifications}
        value={membership.notifications}
        options={[
          { value: "all", label: words.value.notifyAll },
          { value: "mentions", label: words.value.notifyMentions },
          { value: "none", label: words.value.notifyNone },
        ]}
        onChoice={(value) => task.run(value)}
      />
      <FaultNote fault={task.fault} />
    </>
  );
}

/** Where a page may not write there by itself, what is to be copied is said. */
async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    say(words.value.copied);
  } catch {
    say(text);
  }
}
