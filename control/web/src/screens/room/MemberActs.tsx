/** What moderators can do about a member who stands below them. */

import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { FaultNote } from "../../parts/States.tsx";
import type { RoomModel } from "../../room/model.ts";
import type { RoomMember } from "../../wire/http.ts";
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
  const [sure, setSure] = useState<"kick" | "ban" | undefined>(undefined);
  const task = useTask(async (work: () => Promise<unknown>) => {
    await work();
    onDone();
  });
  const path = { room: model.id, person: member.id };
  const mine = model.people.members.value.get(model.me);
  const isMuted = member.muted_until !== null && member.muted_until > Date.now();
  const act = (work: () => Promise<unknown>) => () => task.run(work);
  const setRole = (role: RoomMember["role"]) =>
    act(() => ask("PUT /api/v1/rooms/{room}/members/{person}/role", { path, body: { role } }));
  const mute = (minutes: number) =>
    act(() =>
      ask("PUT /api/v1/rooms/{room}/mutes/{person}", {
        path,
        body: { until: Math.round(Date.now() + minutes * MINUTE) },
      }),
    );
  if (sure !== undefined) {
    const kick = act(() => ask("DELETE /api/v1/rooms/{room}/members/{person}", { path }));
    const ban = act(() => ask("PUT /api/v1/rooms/{room}/bans/{person}", { path }));
    return (
      <div class="member-acts">
        <FaultNote fault={task.fault} />
        <p>{sure === "kick" ? words.value.kickAsk(member.nickname) : words.value.banAsk(member.nickname)}</p>
        <div class="dialog-acts">
          <Button kind="danger" busy={task.busy} onPress={sure === "kick" ? kick : ban}>
            {sure === "kick" ? words.value.kick : words.value.ban}
          </Button>
          <Button kind="quiet" onPress={() => setSure(undefined)}>
            {words.value.cancel}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div class="member-acts">
      <FaultNote fault={task.fault} />
      <div class="dialog-acts">
        {isMuted ? (
          <Button
            busy={task.busy}
            onPress={act(() => ask("DELETE /api/v1/rooms/{room}/mutes/{person}", { path }))}
          >
            {words.value.unmute}
          </Button>
        ) : (
          MUTES.map((minutes) => (
            <Button key={minutes} busy={task.busy} onPress={mute(minutes)}>
              {words.value.mute(minutes)}
            </Button>
          ))
        )}
        {mine?.role === "owner" && (
          <Button busy={task.busy} onPress={setRole(member.role === "moderator" ? "member" : "moderator")}>
            {member.role === "moderator" ? words.value.makeMember : words.value.makeModerator}
          </Button>
        )}
        <Button kind="danger" onPress={() => setSure("kick")}>
          {words.value.kick}
        </Button>
        <Button kind="danger" onPress={() => setSure("ban")}>
          {words.value.ban}
        </Button>
      </div>
    </div>
  );
}
