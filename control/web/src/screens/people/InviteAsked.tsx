import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Empty, Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import type { MyRoom } from "../../wire/http.ts";
import { myRooms, reload } from "../../yard/rooms.ts";
import { words } from "./words.ts";
import { titleOf } from "../../words/titled.ts";

interface InviteAskedProps {
  readonly person: string;
  readonly nickname: string;
  readonly onClose: () => void;
}

/** Into which of my rooms to ask somebody. */
export function InviteAsked({ person, nickname, onClose }: InviteAskedProps) {
  const mine = myRooms.value;
  const rooms = mine.kind === "ready" ? mine.value.filter(({ kind }) => ASKABLE.has(kind)) : [];
  return (
    <Dialog title={words.value.inviteTitle(nickname)} onClose={onClose}>
      {mine.kind === "loading" && <Skeleton rows={3} />}
      {mine.kind === "failed" && <Failed fault={mine.fault} onAgain={() => void reload()} />}
      {mine.kind === "ready" && rooms.length === 0 && <Empty title={words.value.noRoomToInvite} />}
      {rooms.length > 0 && (
        <ul class="list">
          {rooms.map((room) => (
            <li key={room.id}>
              <Row room={room} person={person} />
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}

/** Rooms that come with something else, as a class, ask nobody in. */
const ASKABLE: ReadonlySet<MyRoom["kind"]> = new Set(["group", "call"]);

function Row({ room, person }: { readonly room: MyRoom; readonly person: string }) {
  const [isAsked, setAsked] = useState(false);
  const task = useTask(async () => {
    await ask("POST /api/v1/rooms/{room}/invitations", {
      path: { room: room.id },
      body: { people: [person] },
    });
    setAsked(true);
  });
  return (
    <>
      <div class="row">
        <Avatar name={titleOf(room)} picture={room.image} />
        <span class="row-text row-title cut">{titleOf(room)}</span>
        <Button busy={task.busy} disabled={isAsked} onPress={() => task.run()}>
          {isAsked ? words.value.invited : words.value.inviteThere}
        </Button>
      </div>
      <FaultNote fault={task.fault} />
    </>
  );
}
