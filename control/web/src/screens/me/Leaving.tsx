import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { go } from "../../app/place.ts";
import { logOut } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { words } from "./words.ts";

/** To leave the yard, which is asked about first, and takes the password. */
export function Leaving() {
  const t = words.value;
  const [isAsked, setIsAsked] = useState(false);
  return (
    <section class="page-section" aria-labelledby="leaving">
      <div>
        <h2 id="leaving">{t.leaving}</h2>
        <p class="small soft">{t.leavingHint}</p>
      </div>
      <div class="dialog-acts">
        <Button kind="danger" onPress={() => setIsAsked(true)}>
          {t.leave}
        </Button>
      </div>
      {isAsked && <LeaveAsked onClose={() => setIsAsked(false)} />}
    </section>
  );
}

function LeaveAsked({ onClose }: { readonly onClose: () => void }) {
  const t = words.value;
  const [password, setPassword] = useState("");
  const task = useTask(async () => {
    await ask("POST /api/v1/me/deletion", { body: { password } });
    await logOut().catch(() => undefined); // the session is over already
    go("/login");
  });
  const { code, text, fields } = said(task.fault);
  return (
    <Dialog title={t.leaveSure} onClose={onClose}>
      <Form task={task} act={t.leave} danger onCancel={onClose}>
        <p>{t.leavingHint}</p>
        <Field
          label={t.present}
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          fault={code === "password_wrong" ? text : fields["password"]}
          onText={setPassword}
        />
      </Form>
    </Dialog>
  );
}
