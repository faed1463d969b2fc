import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { Area, Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import type { Room } from "../../wire/http.ts";
import { words as common } from "../../words/common.ts";
import { asSent } from "../learn/FilesField.tsx";
import { PictureField } from "../rooms/PictureField.tsx";
import { words as rooms } from "../rooms/words.ts";

interface EditRoomProps {
  readonly room: Room;
  readonly onSaved: (room: Room) => void;
  readonly onCancel: () => void;
}

/** What a room is called, what it is for, and what it is seen by: its moderators' to change. */
export function EditRoom({ room, onSaved, onCancel }: EditRoomProps) {
  const [title, setTitle] = useState(room.title);
  const [description, setDescription] = useState(room.description);
  const [picture, setPicture] = useState(room.image === null ? undefined : asSent([room.image])[0]);
  const task = useTask(async () => {
    const body = { title, description, image: picture?.id ?? null };
    onSaved(await ask("PATCH /api/v1/rooms/{room}", { path: { room: room.id }, body }));
  });
  const { fields } = said(task.fault);
  return (
    <Form task={task} act={common.value.save} onCancel={onCancel}>
      <Field
        label={rooms.value.name}
        name="title"
        autoComplete="off"
        required
        autoFocus
        maxLength={60}
        value={title}
        fault={fields["title"]}
        onText={setTitle}
      />
      <Area
        label={rooms.value.about}
        name="description"
        maxLength={1000}
        rows={3}
        value={description}
        fault={fields["description"]}
        onText={setDescription}
      />
      <PictureField picture={picture} onPicture={setPicture} />
    </Form>
  );
}
