import { useState } from "preact/hooks";
import { differing } from "../../app/differing.ts";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { Choice } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import type { Room } from "../../wire/http.ts";
import { words as common } from "../../words/common.ts";
import { span } from "../../words/times.ts";
import { asDoor, DoorFields, doorOf } from "../rooms/DoorFields.tsx";
import { asSaid, RoomFields, saidBy } from "../rooms/RoomFields.tsx";
import { words } from "./words.ts";

const PACES = [0, 5, 10, 30, 60, 300, 900, 3600, 21_600]; // seconds

interface EditRoomProps {
  readonly room: Room;
  /** May change who comes in, too. */
  readonly isOwner: boolean;
  readonly onSaved: (room: Room) => void;
  readonly onCancel: () => void;
}

/** What a room says of itself and how fast people may talk there, its moderators' to change; and its door, its owner's. */
export function EditRoom({ room, isOwner, onSaved, onCancel }: EditRoomProps) {
  const [of, setOf] = useState(() => saidBy(room));
  const [pace, setPace] = useState(room.slow_mode);
  const [door, setDoor] = useState(() => doorOf(room));
  const hasDoor = isOwner && room.kind !== "class";
  const now = { ...asSaid(of), slow_mode: pace, ...(hasDoor ? asDoor(door) : {}) };
  const [begun] = useState(now);
  const task = useTask(async () => {
    const body = differing<typeof now>(begun, now);
    onSaved(await ask("PATCH /api/v1/rooms/{room}", { path: { room: room.id }, body }));
  });
  const { fields } = said(task.fault);
  const t = words.value;
  return (
    <Form task={task} act={common.value.save} onCancel={onCancel}>
      <RoomFields of={of} faults={fields} onChange={setOf} />
      <Choice
        label={t.slowMode}
        value={String(pace)}
        fault={fields["slow_mode"]}
        options={[...new Set([...PACES, room.slow_mode])]
          .sort((one, other) => one - other)
          .map((each) => ({ value: String(each), label: each === 0 ? t.noSlowMode : t.slow(span(each)) }))}
        onChoice={(value) => setPace(Number(value))}
      />
      {hasDoor && (
        <DoorFields
          of={door}
          isLocked={room.visibility === "secret"}
          isCounted
          faults={fields}
          onChange={setDoor}
        />
      )}
    </Form>
  );
}
