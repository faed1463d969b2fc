import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Blank } from "../../parts/Form.tsx";
import { FaultNote } from "../../parts/States.tsx";
import { CodeField, SendCode } from "./CodeField.tsx";
import { type Contact, prove } from "./contact.ts";
import { words } from "./words.ts";

interface CodeProps {
  readonly contact: Contact;
  /** When another code may be asked for, in milliseconds since 1970. */
  readonly resendAt: number;
  readonly onProven: (proof: string) => void;
  readonly onResent: (resendAt: number) => void;
  readonly onOther: () => void;
}

/** A contact is proven by what came to it. */
export function Code({ contact, resendAt, onProven, onResent, onOther }: CodeProps) {
  const [code, setCode] = useState("");
  const task = useTask(async () => onProven(await prove(contact, code)));
  return (
    <Blank task={task} look="gate-form">
      <h1 tabIndex={-1}>{words.value.codeTitle}</h1>
      <p class="gate-lead">{words.value.codeHint(contact.value)}</p>
      <FaultNote fault={task.fault} />
      <CodeField
        contact={contact}
        resendAt={resendAt}
        code={code}
        fault={said(task.fault).fields["code"]}
        autoFocus
        onCode={setCode}
      />
      <Button kind="primary" submits wide busy={task.busy}>
        {words.value.check}
      </Button>
      <div class="gate-more">
        <SendCode
          contact={contact}
          resendAt={resendAt}
          onSent={(at) => {
            setCode("");
            onResent(at);
          }}
        />
        <Button kind="quiet" onPress={onOther}>
          {words.value.otherNumber}
        </Button>
      </div>
    </Blank>
  );
}
