import { useEffect, useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Field } from "../../parts/Field.tsx";
import { FaultNote } from "../../parts/States.tsx";
import { type Contact, sendCode } from "./contact.ts";
import { words } from "./words.ts";

interface CodeFieldProps {
  readonly contact: Contact;
  /** When another code may be asked for, in milliseconds since 1970; undefined when none was sent yet. */
  readonly resendAt: number | undefined;
  readonly code: string;
  readonly fault: string | undefined;
  readonly autoFocus?: boolean;
  readonly onCode: (code: string) => void;
}

/** The six digits that came to a phone or by e-mail. */
export function CodeField({ contact, resendAt, code, fault, autoFocus = false, onCode }: CodeFieldProps) {
  return (
    <>
      <Field
        label={words.value.code}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="[0-9]{6}"
        maxLength={6}
        required
        autoFocus={autoFocus}
        code
        value={code}
        fault={fault}
        onText={(text) => onCode(text.replace(/\D/g, "").slice(0, 6))}
      />
      {resendAt !== undefined && <Outbox contact={contact} sent={resendAt} onCode={onCode} />}
    </>
  );
}

interface SendCodeProps {
  readonly contact: Contact;
  readonly resendAt: number | undefined;
  readonly onSent: (resendAt: number) => void;
}

/** Have a code sent, or another one when there was time for the first to come. */
export function SendCode({ contact, resendAt, onSent }: SendCodeProps) {
  const t = words.value;
  const task = useTask(async () => onSent(await sendCode(contact)));
  const wait = useSecondsUntil(resendAt ?? 0);
  return (
    <>
      <FaultNote fault={task.fault} />
      <Button
        kind={resendAt === undefined ? "plain" : "quiet"}
        disabled={wait > 0}
        busy={task.busy}
        onPress={() => task.run()}
      >
        {resendAt === undefined ? t.sendCode : wait > 0 ? t.resendIn(wait) : t.resend}
      </Button>
    </>
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
