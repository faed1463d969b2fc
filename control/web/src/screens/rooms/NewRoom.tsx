import { useState } from "preact/hooks";
import { categories, nameOfCategory } from "../../app/categories.ts";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useOnce } from "../../app/once.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { useTask } from "../../app/task.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Choice, Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import type { CreateRoom } from "../../wire/http.ts";
import { asSaid, RoomFields, type RoomWords } from "./RoomFields.tsx";
import { words } from "./words.ts";

type Visibility = NonNullable<CreateRoom["visibility"]>;
type Kind = NonNullable<CreateRoom["kind"]>;
type History = NonNullable<CreateRoom["history"]>;

/** A room of one's own. */
export function NewRoom({ onClose }: { readonly onClose: () => void }) {
  const [of, setOf] = useState<RoomWords>({ title: "", description: "", picture: undefined });
  const [category, setCategory] = useState("");
  const [kind, setKind] = useState<Kind>("group");
  const [visibility, setVisibility] = useState<Visibility>("public");
  const [password, setPassword] = useState("");
  const [history, setHistory] = useState<History>("joined");
  const once = useOnce();
  const task = useTask(async () => {
    const secret = visibility === "secret" ? { password } : {};
    const wanted: CreateRoom = {
      ...asSaid(of),
      kind,
      category: category || null,
      visibility,
      history,
      ...secret,
    };
    const room = await once(wanted, (body) => ask("POST /api/v1/rooms", { body }));
    go(pathTo("/rooms/:room", { room: room.id }));
  });
  const { fields } = said(task.fault);
  return (
    <Dialog title={words.value.open} onClose={onClose}>
      <Form task={task} act={words.value.make} onCancel={onClose}>
        <RoomFields of={of} faults={fields} onChange={setOf} />
        <Choice
          label={words.value.kind}
          hint={kind === "call" ? words.value.callHint : undefined}
          value={kind}
          options={[
            { value: "group", label: words.value.group },
            { value: "call", label: words.value.call },
          ]}
          onChoice={setKind}
        />
        <Choice
          label={words.value.category}
          value={category}
          options={[
            { value: "", label: "—" },
            ...categories.value
              .filter((each) => !each.retired)
              .map((each) => ({ value: each.key, label: nameOfCategory(each) })),
          ]}
          onChoice={setCategory}
        />
        <Choice
          label={words.value.visibility}
          value={visibility}
          options={[
            { value: "public", label: words.value.public },
            { value: "private", label: words.value.private },
            { value: "secret", label: words.value.secretChoice },
          ]}
          onChoice={setVisibility}
        />
        {visibility === "secret" && (
          <Field
            label={words.value.password}
            hint={words.value.newPasswordHint}
            type="password"
            name="new-room-password"
            autoComplete="off"
            required
            minLength={4}
            maxLength={200}
            value={password}
            fault={fields["password"]}
            onText={setPassword}
          />
        )}
        <Choice
          label={words.value.history}
          value={history}
          options={[
            { value: "joined", label: words.value.joined },
            { value: "all", label: words.value.everything },
          ]}
          onChoice={setHistory}
        />
      </Form>
    </Dialog>
  );
}
