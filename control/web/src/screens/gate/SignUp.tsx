import { useEffect, useRef, useState } from "preact/hooks";
import { categories, nameOfCategory } from "../../app/categories.ts";
import { said } from "../../app/faults.ts";
import { logIn } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { ask } from "../../app/http.ts";
import { Button } from "../../parts/Button.tsx";
import { Chips } from "../../parts/Chips.tsx";
import { Field } from "../../parts/Field.tsx";
import { Blank } from "../../parts/Form.tsx";
import { FaultNote } from "../../parts/States.tsx";
import { Code } from "./Code.tsx";
import { type Contact, sendCode } from "./contact.ts";
import "./gate-screens.css";
import { OtherDoor } from "./OtherDoor.tsx";
import { goTo, newcomer } from "./providers.ts";
import { words } from "./words.ts";
import { useTitle } from "../../app/title.ts";

type Step =
  | { readonly kind: "phone" }
  | { readonly kind: "code"; readonly contact: Contact; readonly resendAt: number }
  | { readonly kind: "about"; readonly proof: string };

/** A number, the code that comes to it, and who one is: three steps to an account, and in. */
export default function SignUp() {
  useTitle(words.value.signUp);
  const [step, setStep] = useState<Step>({ kind: "phone" });
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (step.kind !== "phone") place.current?.querySelector<HTMLElement>("input, h1")?.focus();
  }, [step.kind]);
  return (
    <div ref={place}>
      <p class="gate-step">{words.value.step(STEPS.indexOf(step.kind) + 1, STEPS.length)}</p>
      {step.kind === "phone" && (
        <Phone onSent={(contact, resendAt) => setStep({ kind: "code", contact, resendAt })} />
      )}
      {step.kind === "code" && (
        <Code
          contact={step.contact}
          resendAt={step.resendAt}
          onProven={(proof) => setStep({ kind: "about", proof })}
          onResent={(resendAt) => setStep({ ...step, resendAt })}
          onOther={() => setStep({ kind: "phone" })}
        />
      )}
      {step.kind === "about" && <About proof={step.proof} />}
    </div>
  );
}

const STEPS: readonly Step["kind"][] = ["phone", "code", "about"];

function Phone({ onSent }: { readonly onSent: (contact: Contact, resendAt: number) => void }) {
  const [phone, setPhone] = useState("");
  const task = useTask(async () => {
    const contact: Contact = { kind: "phone", value: phone.trim() };
    onSent(contact, await sendCode(contact));
  });
  return (
    <Blank task={task} look="gate-form">
      <h1>{words.value.phoneTitle}</h1>
      <p class="gate-lead">{words.value.phoneHint}</p>
      <FaultNote fault={task.fault} />
      <Field
        label={words.value.phone}
        type="tel"
        name="phone"
        autoComplete="tel"
        placeholder="010-1234-5678"
        required
        minLength={5}
        maxLength={32}
        value={phone}
        onText={setPhone}
      />
      <Button kind="primary" submits wide busy={task.busy}>
        {words.value.sendCode}
      </Button>
      <p class="gate-more">
        <OtherDoor asked={words.value.haveAccount} path="/login" name={words.value.logIn} />
      </p>
    </Blank>
  );
}

function About({ proof }: { readonly proof: string }) {
  const social = newcomer.value;
  const [form, setForm] = useState({
    email: social?.email ?? "",
    name: "",
    nickname: social?.nickname ?? "",
    password: "",
    interests: [] as readonly string[],
  });
  const put = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const task = useTask(async () => {
    const { password, ...rest } = form;
    const secret = social === undefined ? { password } : { social: social.proof };
    await ask("POST /api/v1/accounts", { body: { proof, ...rest, ...secret } });
    newcomer.value = undefined;
    if (social === undefined) await logIn(form.email, password);
    else await goTo(social.provider);
  });
  const faults = task.fault === undefined ? {} : faultsOf(task.fault);
  return (
    <Blank task={task} look="gate-form">
      <h1 tabIndex={-1}>{words.value.aboutTitle}</h1>
      <FaultNote fault={task.fault} />
      <Field
        label={words.value.nickname}
        hint={words.value.nicknameHint}
        name="nickname"
        autoComplete="nickname"
        required
        minLength={2}
        maxLength={20}
        value={form.nickname}
        fault={faults["nickname"]}
        onText={(nickname) => put({ nickname })}
      />
      <Field
        label={words.value.name}
        name="name"
        autoComplete="name"
        required
        maxLength={50}
        value={form.name}
        fault={faults["name"]}
        onText={(name) => put({ name })}
      />
      <Field
        label={words.value.email}
        type="email"
        name="email"
        autoComplete="username"
        required
        maxLength={254}
        value={form.email}
        fault={faults["email"]}
        onText={(email) => put({ email })}
      />
      {social === undefined && (
        <Field
          label={words.value.password}
          hint={words.value.passwordHint}
          type="password"
          name="password"
          autoComplete="new-password"
          required
          minLength={10}
          value={form.password}
          fault={faults["password"]}
          onText={(password) => put({ password })}
        />
      )}
      {categories.value.length > 0 && (
        <Chips
          label={words.value.interests}
          options={categories.value
            .filter((each) => !each.retired)
            .map((each) => ({ value: each.key, label: nameOfCategory(each) }))}
          chosen={form.interests}
          onChange={(interests) => put({ interests })}
        />
      )}
      <Button kind="primary" submits wide busy={task.busy}>
        {words.value.finish}
      </Button>
    </Blank>
  );
}

/** Which value is at fault: the server says it by name, or by the code of the refusal. */
function faultsOf(fault: unknown): Readonly<Record<string, string>> {
  const { code, text, fields } = said(fault);
  const [what, is] = code.split("_");
  return is === "taken" || is === "weak" ? { ...fields, [what ?? ""]: text } : fields;
}
