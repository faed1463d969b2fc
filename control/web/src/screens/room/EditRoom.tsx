import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { Form } from "../../parts/Form.tsx";
import type { Room } from "../../wire/http.ts";
import { words } from "../../words/common.ts";
import { asSent } from "../learn/FilesField.tsx";
import { asSaid, RoomFields, type RoomWords } from "../rooms/RoomFields.tsx";

interface EditRoomProps {
  readonly room: Room;
  readonly onSaved: (room: Room) => void;
  readonly onCancel: () => void;
}

/** What a room says of itself: its moderators' to change. */
export function EditRoom({ room, onSaved, onCancel }: EditRoomProps) {
  const [of, setOf] = useState<RoomWords>(() => ({
    title: room.title,
    description: room.description,
    picture: room.image === null ? undefined : asSent([room.image])[0],
  }));
  const task = useTask(async () => {
    onSaved(await ask("PATCH /api/v1/rooms/{room}", { path: { room: room.id }, body: asSaid(of) }));
  });
  return (
    <Form task={task} act={words.value.save} onCancel={onCancel}>
      <RoomFields of={of} faults={said(task.fault).fields} onChange={setOf} />
    </Form>
  );
}
