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

/** Six letters that open a room. */
export function JoinByCode({ onClose }: { readonly onClose: () => void }) {
  const [code, setCode] = useState("");
  const task = useTask(async () => {
    const room = await ask("POST /api/v1/rooms/join", { body: { code } });
    go(pathTo("/rooms/:room", { room: room.id }));
  });
  const isWrong = said(task.fault).code === "room_code_wrong";
  return (
    <Dialog title={words.value.byCode} onClose={onClose}>
      <Form task={task} isTold={isWrong} act={words.value.join} onCancel={onClose}>
        <Field
          label={words.value.code}
          hint={words.value.codeHint}
          name="code"
          autoComplete="off"
          pattern="[0-9A-Za-z]{6}"
          maxLength={6}
          required
          autoFocus
          code
          value={code}
          fault={isWrong ? said(task.fault).text : undefined}
          onText={(text) => setCode(text.replace(/[^0-9A-Za-z]/g, "").toUpperCase())}
        />
      </Form>
    </Dialog>
  );
}
