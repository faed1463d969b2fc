/** What a room is for, how to get others in, and how loud it may be. */

import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { CopyField } from "../../parts/CopyField.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Choice } from "../../parts/Field.tsx";
import { ReportAsked } from "../../parts/ReportAsked.tsx";
import { Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import type { RoomModel } from "../../room/model.ts";
import type { Membership, Room } from "../../wire/http.ts";
import { span } from "../../words/times.ts";
import { reload } from "../../yard/rooms.ts";
import { EditRoom } from "./EditRoom.tsx";
import { galleryPath, managePath } from "./paths.ts";
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
  const [isReported, setReported] = useState(false);
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
      {room.join_code !== null && <CopyField label={words.value.joinCode} text={room.join_code} />}
      <div class="dialog-acts">
        <ButtonLink kind="quiet" icon="camera" href={galleryPath(room.id)}>
          {words.value.gallery}
        </ButtonLink>
        {room.kind !== "direct" && (
          <Button kind="quiet" icon="flag" onPress={() => setReported(true)}>
            {words.value.reportRoom}
          </Button>
        )}
        {keepsOrder && (
          <>
            <Button icon="edit" onPress={() => setEdited(true)}>
              {words.value.edit}
            </Button>
            <ButtonLink icon="settings" href={managePath(room.id)}>
              {words.value.manageRoom}
            </ButtonLink>
          </>
        )}
      </div>
      {isReported && (
        <ReportAsked
          onReport={(body) => ask("POST /api/v1/rooms/{room}/reports", { path: { room: room.id }, body })}
          onClose={() => setReported(false)}
        />
      )}
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
