import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { said } from "../../app/faults.ts";
import { update } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import type { Account } from "../../wire/http.ts";
import { CodeField, SendCode } from "../gate/CodeField.tsx";
import { type Contact, prove, sendCode } from "../gate/contact.ts";
import { OwnerShown, useOwner } from "./Owner.tsx";
import { words } from "./words.ts";

type Kind = Contact["kind"];

/** Where I can be reached, and how to have that changed. */
export function Contacts({ account }: { readonly account: Account }) {
  const t = words.value;
  const [asked, setAsked] = useState<Kind | undefined>();
  const rows = [
    { kind: "email", label: t.email, value: account.email, act: t.changeEmail },
    { kind: "phone", label: t.phone, value: account.phone, act: t.changePhone },
  ] as const;
  return (
    <section class="page-section" aria-labelledby="account">
      <div>
        <h2 id="account">{t.account}</h2>
        <p class="small soft">{t.accountHint}</p>
      </div>
      <ul class="list">
        {rows.map(({ kind, label, value, act }) => (
          <li key={kind} class="row me-contact">
            <span class="row-text">
              <span class="small soft">{label}</span>
              <span class="me-whole figures">{value}</span>
            </span>
            <Button onPress={() => setAsked(kind)}>{act}</Button>
          </li>
        ))}
      </ul>
      {asked !== undefined && <Another account={account} kind={asked} onClose={() => setAsked(undefined)} />}
    </section>
  );
}

type Step =
  | { readonly kind: "contact" }
  | { readonly kind: "code"; readonly contact: Contact; readonly resendAt: number }
  | { readonly kind: "owner"; readonly proof: string };

interface AnotherProps {
  readonly account: Account;
  readonly kind: Kind;
  readonly onClose: () => void;
}

/** Another one, step by step: which, that it is mine, and that I am the account's owner. */
function Another({ account, kind, onClose }: AnotherProps) {
  const t = words.value;
  const [step, setStep] = useState<Step>({ kind: "contact" });
  const shown = useRef<HTMLDivElement>(null);
  useEffect(() => shown.current?.querySelector<HTMLElement>("input, select")?.focus(), [step.kind]);
  return (
    <Dialog title={kind === "email" ? t.changeEmail : t.changePhone} onClose={onClose}>
      <div ref={shown}>
        {step.kind === "contact" && (
          <Which
            kind={kind}
            onSent={(contact, resendAt) => setStep({ kind: "code", contact, resendAt })}
            onClose={onClose}
          />
        )}
        {step.kind === "code" && (
          <Proven
            contact={step.contact}
            resendAt={step.resendAt}
            onProven={(proof) => setStep({ kind: "owner", proof })}
            onResent={(resendAt) => setStep({ ...step, resendAt })}
            onClose={onClose}
          />
        )}
        {step.kind === "owner" && (
          <Owned account={account} kind={kind} proof={step.proof} onDone={onClose} onClose={onClose} />
        )}
      </div>
    </Dialog>
  );
}

interface WhichProps {
  readonly kind: Kind;
  readonly onSent: (contact: Contact, resendAt: number) => void;
  readonly onClose: () => void;
}

function Which({ kind, onSent, onClose }: WhichProps) {
  const t = words.value;
  const [value, setValue] = useState("");
  const task = useTask(async () => {
    const contact = { kind, value: value.trim() };
    onSent(contact, await sendCode(contact));
  });
  const isEmail = kind === "email";
  const wrong = said(task.fault);
  return (
    <Form task={task} act={t.sendCode} onCancel={onClose} isTold={wrong.fields[kind] !== undefined}>
      <Field
        label={isEmail ? t.newEmail : t.newPhone}
        name="contact"
        type={isEmail ? "email" : "tel"}
        autoComplete={isEmail ? "email" : "tel"}
        required
        value={value}
        fault={wrong.fields[kind]}
        onText={setValue}
      />
    </Form>
  );
}

interface ProvenProps {
  readonly contact: Contact;
  readonly resendAt: number;
  readonly onProven: (proof: string) => void;
  readonly onResent: (resendAt: number) => void;
  readonly onClose: () => void;
}

function Proven({ contact, resendAt, onProven, onResent, onClose }: ProvenProps) {
  const t = words.value;
  const [code, setCode] = useState("");
  const task = useTask(async () => onProven(await prove(contact, code)));
  return (
    <Form task={task} act={t.goOn} onCancel={onClose}>
      <p class="soft">{t.codeSent(contact.value)}</p>
      <CodeField
        contact={contact}
        resendAt={resendAt}
        code={code}
        fault={said(task.fault).fields["code"]}
        onCode={setCode}
      />
      <SendCode contact={contact} resendAt={resendAt} onSent={onResent} />
    </Form>
  );
}

interface OwnedProps extends AnotherProps {
  readonly proof: string;
  readonly onDone: () => void;
}

function Owned({ account, kind, proof, onDone, onClose }: OwnedProps) {
  const owner = useOwner(account);
  const task = useTask(async () => {
    update(
      await owner.act((shown) =>
        kind === "email"
          ? ask("PUT /api/v1/me/email", { body: { proof, ...shown } })
          : ask("PUT /api/v1/me/phone", { body: { proof, ...shown } }),
      ),
    );
    onDone();
  });
  return (
    <Form
      task={task}
      act={words.value.change}
      onCancel={onClose}
      isTold={said(task.fault).code === "password_wrong"}
    >
      <OwnerShown account={account} owner={owner} fault={task.fault} />
    </Form>
  );
}
