import { useState } from "preact/hooks";
import { go } from "../../app/place.ts";
import { said } from "../../app/faults.ts";
import { useTask } from "../../app/task.ts";
import { ask } from "../../app/http.ts";
import { Button } from "../../parts/Button.tsx";
import { Field } from "../../parts/Field.tsx";
import { Blank } from "../../parts/Form.tsx";
import { FaultNote } from "../../parts/States.tsx";
import { say } from "../../parts/Toasts.tsx";
import { Code } from "./Code.tsx";
import { type Contact, contactOf, sendCode } from "./contact.ts";
import "./gate-screens.css";
import { words } from "./words.ts";
import { useTitle } from "../../app/title.ts";

type Step =
  | { readonly kind: "contact" }
  | { readonly kind: "code"; readonly contact: Contact; readonly resendAt: number }
  | { readonly kind: "password"; readonly proof: string };

/** Another password, for whoever proves the phone number or the e-mail address of an account. */
export default function Reset() {
  useTitle(words.value.resetTitle);
  const [step, setStep] = useState<Step>({ kind: "contact" });
  if (step.kind === "contact") {
    return <Whereto onSent={(contact, resendAt) => setStep({ kind: "code", contact, resendAt })} />;
  }
  if (step.kind === "code") {
    return (
      <Code
        contact={step.contact}
        resendAt={step.resendAt}
        onProven={(proof) => setStep({ kind: "password", proof })}
        onResent={(resendAt) => setStep({ ...step, resendAt })}
        onOther={() => setStep({ kind: "contact" })}
      />
    );
  }
  return <NewPassword proof={step.proof} />;
}

function Whereto({ onSent }: { readonly onSent: (contact: Contact, resendAt: number) => void }) {
  const [typed, setTyped] = useState("");
  const task = useTask(async () => {
    const contact = contactOf(typed);
    onSent(contact, await sendCode(contact));
  });
  return (
    <Blank task={task} look="gate-form">
      <h1>{words.value.resetTitle}</h1>
      <p class="gate-lead">{words.value.resetHint}</p>
      <FaultNote fault={task.fault} />
      <Field
        label={words.value.contact}
        name="contact"
        autoComplete="username"
        required
        minLength={5}
        value={typed}
        onText={setTyped}
      />
      <Button kind="primary" submits wide busy={task.busy}>
        {words.value.sendCode}
      </Button>
      <p class="gate-more">
        <a href="/login">{words.value.toLogIn}</a>
      </p>
    </Blank>
  );
}

function NewPassword({ proof }: { readonly proof: string }) {
  const [password, setPassword] = useState("");
  const task = useTask(async () => {
    await ask("POST /api/v1/password-resets", { body: { proof, password } });
    say(words.value.changed);
    go("/login");
  });
  const { code, text, fields } = said(task.fault);
  return (
    <Blank task={task} look="gate-form">
      <h1>{words.value.resetTitle}</h1>
      <FaultNote fault={task.fault} />
      <Field
        label={words.value.newPassword}
        hint={words.value.passwordHint}
        type="password"
        name="password"
        autoComplete="new-password"
        required
        autoFocus
        minLength={10}
        value={password}
        fault={code === "password_weak" ? text : fields["password"]}
        onText={setPassword}
      />
      <Button kind="primary" submits wide busy={task.busy}>
        {words.value.change}
      </Button>
    </Blank>
  );
}
