import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useOnce } from "../../app/once.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { useTask } from "../../app/task.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Choice } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import type { CreateRoom } from "../../wire/http.ts";
import { asDoor, DoorFields, USUAL_DOOR } from "./DoorFields.tsx";
import { asSaid, NOTHING_SAID, RoomFields } from "./RoomFields.tsx";
import { words } from "./words.ts";

type Kind = NonNullable<CreateRoom["kind"]>;

/** A room of one's own. */
export function NewRoom({ onClose }: { readonly onClose: () => void }) {
  const t = words.value;
  const [of, setOf] = useState(NOTHING_SAID);
  const [kind, setKind] = useState<Kind>("group");
  const [door, setDoor] = useState(USUAL_DOOR);
  const once = useOnce();
  const task = useTask(async () => {
    const wanted: CreateRoom = { ...asSaid(of), kind, ...asDoor(door) };
    const room = await once(wanted, (body) => ask("POST /api/v1/rooms", { body }));
    go(pathTo("/rooms/:room", { room: room.id }));
  });
  const { fields } = said(task.fault);
  return (
    <Dialog title={t.open} onClose={onClose}>
      <Form task={task} act={t.make} onCancel={onClose}>
        <RoomFields of={of} faults={fields} onChange={setOf} />
        <Choice
          label={t.kind}
          hint={kind === "call" ? t.callHint : undefined}
          value={kind}
          options={[
            { value: "group", label: t.group },
            { value: "call", label: t.call },
          ]}
          onChoice={setKind}
        />
        <DoorFields of={door} faults={fields} onChange={setDoor} />
      </Form>
    </Dialog>
  );
}
