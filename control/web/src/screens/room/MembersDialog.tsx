/** Who is in the room, those who are here first; and the way out. */

import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { go } from "../../app/place.ts";
import { isHere, stateOf } from "../../app/presence.ts";
import { pathTo } from "../../app/routes.ts";
import { useTask } from "../../app/task.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Button, IconButton } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { RoomModel } from "../../room/model.ts";
import { reload } from "../../yard/rooms.ts";
import { isAbove, MemberActs } from "./MemberActs.tsx";
import { words } from "./words.ts";

interface MembersProps {
  readonly model: RoomModel;
  readonly onClose: () => void;
}

export function MembersDialog({ model, onClose }: MembersProps) {
  const { members, fault } = model.people;
  const [isLeaving, setLeaving] = useState(false);
  const [managed, setManaged] = useState<string | undefined>(undefined);
  const leave = useTask(async () => {
    await ask("POST /api/v1/rooms/{room}/leave", { path: { room: model.id } });
    say(words.value.left_);
    go("/");
    void reload();
  });
  const all = [...members.value.values()];
  const inOrder = all.sort((one, other) => Number(isHere(other.id)) - Number(isHere(one.id)));
  return (
    <Dialog title={words.value.membersTitle} onClose={onClose}>
      {all.length === 0 && fault.value === undefined && <Skeleton />}
      {all.length === 0 && fault.value !== undefined && (
        <Failed fault={fault.value} onAgain={() => void model.load()} />
      )}
      <ul class="room-members">
        {inOrder.map((member) => (
          <li key={member.id}>
            <div class="room-member">
              <a class="row" href={pathTo("/people/:person", { person: member.id })} onClick={onClose}>
                <Avatar name={member.nickname} picture={member.avatar} state={stateOf(member.id)} />
                <span class="row-text cut">{member.nickname}</span>
                {member.bot && <span class="tag">{words.value.bot}</span>}
                {member.role !== "member" && <span class="tag">{words.value[member.role]}</span>}
              </a>
              {isAbove(members.value.get(model.me), member) && (
                <IconButton
                  icon="more"
                  label={words.value.manage(member.nickname)}
                  pressed={managed === member.id}
                  onPress={() => setManaged(managed === member.id ? undefined : member.id)}
                />
              )}
            </div>
            {managed === member.id && (
              <MemberActs member={member} model={model} onDone={() => setManaged(undefined)} />
            )}
          </li>
        ))}
      </ul>
      <FaultNote fault={leave.fault} />
      {isLeaving ? (
        <div class="dialog-acts">
          <p>{words.value.leaveAsk}</p>
          <Button kind="danger" icon="leave" busy={leave.busy} onPress={() => leave.run()}>
            {words.value.leave}
          </Button>
          <Button kind="quiet" onPress={() => setLeaving(false)}>
            {words.value.cancel}
          </Button>
        </div>
      ) : (
        <Button kind="quiet" icon="leave" onPress={() => setLeaving(true)}>
          {words.value.leave}
        </Button>
      )}
    </Dialog>
  );
}
