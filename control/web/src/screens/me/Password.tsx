import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { update } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { Account } from "../../wire/http.ts";
import { OwnerShown, useOwner } from "./Owner.tsx";
import { words } from "./words.ts";

/** Another password, or a first one for who has only been vouched for. */
export function Password({ account }: { readonly account: Account }) {
  const t = words.value;
  const owner = useOwner(account);
  const [wanted, setWanted] = useState("");
  const task = useTask(async () => {
    await owner.act((shown) => ask("PUT /api/v1/me/password", { body: { new: wanted, ...shown } }));
    owner.choose("password");
    setWanted("");
    update({ ...account, has_password: true });
    say(t.passwordChanged);
  });
  const { code, text, fields } = said(task.fault);
  return (
    <section class="page-section" aria-labelledby="password">
      <h2 id="password">{account.has_password ? t.password : t.firstPassword}</h2>
      <Form
        task={task}
        act={account.has_password ? t.change : t.setPassword}
        kind="card"
        isTold={code === "password_wrong" || code === "password_weak"}
      >
        <OwnerShown account={account} owner={owner} fault={task.fault} />
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
