import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { say } from "../../parts/Toasts.tsx";
import { words } from "./words.ts";

/** Another password, for who knows the present one. */
export function Password() {
  const t = words.value;
  const [password, setPassword] = useState("");
  const [wanted, setWanted] = useState("");
  const task = useTask(async () => {
    await ask("PUT /api/v1/me/password", { body: { password, new: wanted } });
    setPassword("");
    setWanted("");
    say(t.passwordChanged);
  });
  const { code, text, fields } = said(task.fault);
  return (
    <section class="page-section" aria-labelledby="password">
      <h2 id="password">{t.password}</h2>
      <Form task={task} act={t.change} kind="card">
        <Field
          label={t.present}
          name="present"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          fault={code === "password_wrong" ? text : fields["password"]}
          onText={setPassword}
        />
        <Field
          label={t.newPassword}
          hint={t.passwordHint}
          name="new"
          type="password"
          autoComplete="new-password"
          required
          minLength={10}
          value={wanted}
          fault={code === "password_weak" ? text : fields["new"]}
          onText={setWanted}
        />
      </Form>
    </section>
  );
}
