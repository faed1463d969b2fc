/** What moderators can do about a member who stands below them. */

import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { serverNow, useYetToCome } from "../../app/moment.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { FaultNote } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import type { RoomModel } from "../../room/model.ts";
import type { RoomMember } from "../../wire/http.ts";
import { BanAsked } from "./BanAsked.tsx";
import { words } from "./words.ts";

interface MemberActsProps {
  readonly member: RoomMember;
  readonly model: RoomModel;
  readonly onDone: () => void;
}

const RANK = { member: 0, moderator: 1, owner: 2 } as const;
const MINUTE = 60_000;
const MUTES = [10, 60, 24 * 60] as const; // minutes

/** Whether `me` may do anything about `other`. */
export function isAbove(me: RoomMember | undefined, other: RoomMember): boolean {
  return me !== undefined && me.role !== "member" && RANK[me.role] > RANK[other.role];
}

/** What is done is heard as an event, by everybody: nothing is changed here before. */
export function MemberActs({ member, model, onDone }: MemberActsProps) {
  const t = words.value;
  const [asked, setAsked] = useState<"kick" | "ban" | "passOn" | undefined>(undefined);
  const task = useTask(async (work: () => Promise<unknown>) => {
    await work();
    onDone();
  });
  const path = { room: model.id, person: member.id };
  const isMine = model.people.members.value.get(model.me)?.role === "owner";
  const isMuted = useYetToCome(member.muted_until) !== null;
  const act = (work: () => Promise<unknown>) => () => task.run(work);
  const setRole = (role: RoomMember["role"]) =>
    ask("PUT /api/v1/rooms/{room}/members/{person}/role", { path, body: { role } });
  const mute = (minutes: number) =>
    act(() =>
      ask("PUT /api/v1/rooms/{room}/mutes/{person}", {
        path,
        body: { until: Math.round(serverNow() + minutes * MINUTE) },
      }),
    );
  const close = () => setAsked(undefined);
  return (
    <div class="member-acts">
      <FaultNote fault={task.fault} />
      <div class="dialog-acts">
        {isMuted ? (
          <Button
            busy={task.busy}
            onPress={act(() => ask("DELETE /api/v1/rooms/{room}/mutes/{person}", { path }))}
          >
            {t.unmute}
          </Button>
        ) : (
          MUTES.map((minutes) => (
            <Button key={minutes} busy={task.busy} onPress={mute(minutes)}>
              {t.mute(minutes)}
            </Button>
          ))
        )}
        {isMine && (
          <Button
            busy={task.busy}
            onPress={act(() => setRole(member.role === "moderator" ? "member" : "moderator"))}
          >
            {member.role === "moderator" ? t.makeMember : t.makeModerator}
          </Button>
        )}
        {isMine && !member.bot && passesOn(model) && (
          <Button onPress={() => setAsked("passOn")}>{t.passOn}</Button>
        )}
        <Button kind="danger" onPress={() => setAsked("kick")}>
          {t.kick}
        </Button>
        <Button kind="danger" onPress={() => setAsked("ban")}>
          {t.ban}
        </Button>
      </div>
      {asked === "ban" && <BanAsked room={model.id} member={member} onDone={onDone} onClose={close} />}
      {asked === "kick" && (
        <Sure
          title={t.kick}
          label={t.kick}
          onSure={async () => {
            await ask("DELETE /api/v1/rooms/{room}/members/{person}", { path });
            onDone();
          }}
          onClose={close}
        >
          {t.kickAsk(member.nickname)}
        </Sure>
      )}
      {asked === "passOn" && (
        <Sure
          title={t.passOn}
          label={t.passOn}
          onSure={async () => {
            await setRole("owner");
            onDone();
          }}
          onClose={close}
        >
          {t.passOnAsk(member.nickname)}
        </Sure>
      )}
    </div>
  );
}

/** Whether the room can have another owner: that of a class is its mentor's. */
function passesOn(model: RoomModel): boolean {
  const info = model.info.value;
  return info.kind === "ready" && info.value.kind !== "class";
}
