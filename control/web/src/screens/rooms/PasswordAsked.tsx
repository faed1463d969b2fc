import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { useTask } from "../../app/task.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { words } from "./words.ts";

interface PasswordAskedProps {
  readonly room: string;
  readonly title: string;
  readonly onClose: () => void;
}

/** A secret room's door. */
export function PasswordAsked({ room, title, onClose }: PasswordAskedProps) {
  const [password, setPassword] = useState("");
  const task = useTask(async () => {
    await ask("POST /api/v1/rooms/{room}/join", { path: { room }, body: { password } });
    go(pathTo("/rooms/:room", { room }));
  });
  const { code, text } = said(task.fault);
  const isWrong = code === "room_password_wrong";
  return (
    <Dialog title={title} onClose={onClose}>
      <Form task={task} isTold={isWrong} act={words.value.join} onCancel={onClose}>
        <Field
          label={words.value.password}
          hint={words.value.passwordHint}
          type="password"
          name="room-password"
          autoComplete="off"
          required
          autoFocus
          minLength={4}
          value={password}
          fault={isWrong ? text : undefined}
          onText={setPassword}
        />
      </Form>
    </Dialog>
  );
}
