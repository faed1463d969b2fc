import { useEffect, useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { useLoaded } from "../../app/load.ts";
import { useTask } from "../../app/task.ts";
import { ask } from "../../app/http.ts";
import { Button } from "../../parts/Button.tsx";
import { Field } from "../../parts/Field.tsx";
import { Blank } from "../../parts/Form.tsx";
import { FaultNote } from "../../parts/States.tsx";
import { type Contact, prove, sendCode } from "./contact.ts";
import { words } from "./words.ts";

interface CodeProps {
  readonly contact: Contact;
  /** When another code may be asked for, in milliseconds since 1970. */
  readonly resendAt: number;
  readonly onProven: (proof: string) => void;
  readonly onResent: (resendAt: number) => void;
  readonly onOther: () => void;
}

/** The six digits that came to a phone or by e-mail. */
export function Code({ contact, resendAt, onProven, onResent, onOther }: CodeProps) {
  const [code, setCode] = useState("");
  const task = useTask(async () => onProven(await prove(contact, code)));
  const again = useTask(async () => {
    setCode("");
    onResent(await sendCode(contact));
  });
  const wait = useSecondsUntil(resendAt);
  const fields = said(task.fault).fields;
  return (
    <Blank task={task} look="gate-form">
      <h1 tabIndex={-1}>{words.value.codeTitle}</h1>
      <p class="gate-lead">{words.value.codeHint(contact.value)}</p>
      <FaultNote fault={again.fault ?? task.fault} />
      <Field
        label={words.value.code}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="[0-9]{6}"
        maxLength={6}
        required
        autoFocus
        code
        value={code}
        fault={fields["code"]}
        onText={(text) => setCode(text.replace(/\D/g, "").slice(0, 6))}
      />
      <Outbox contact={contact} sent={resendAt} onCode={setCode} />
      <Button kind="primary" submits wide busy={task.busy}>
        {words.value.check}
      </Button>
      <div class="gate-more">
        <Button kind="quiet" disabled={wait > 0} busy={again.busy} onPress={() => again.run()}>
          {wait > 0 ? words.value.resendIn(wait) : words.value.resend}
        </Button>
        <Button kind="quiet" onPress={onOther}>
          {words.value.otherNumber}
        </Button>
      </div>
    </Blank>
  );
}

interface OutboxProps {
  readonly contact: Contact;
  readonly sent: number;
  readonly onCode: (code: string) => void;
}

/** In development nothing is sent: the message lies where everybody can read it. Elsewhere there is no such place. */
function Outbox({ contact, sent, onCode }: OutboxProps) {
  const { state } = useLoaded(`${contact.value} ${sent}`, (signal) =>
    ask("GET /api/v1/dev/outbox", { query: { [contact.kind]: contact.value } }, signal),
  );
  const [newest] = state.kind === "ready" ? state.value.messages : [];
  const code = newest?.text.match(/\d{6}/)?.[0];
  if (code === undefined) return null;
  return (
    <Button icon="key" wide onPress={() => onCode(code)}>
      {words.value.outbox}
    </Button>
  );
}

function useSecondsUntil(at: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [at]);
  return Math.max(0, Math.ceil((at - now) / 1000));
}
