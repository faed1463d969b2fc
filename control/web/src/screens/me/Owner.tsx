/** That the account is one's own, and not merely the device: by the password, or by a code to a contact that the account has. */

import { useRef, useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { Choice, Field } from "../../parts/Field.tsx";
import type { Account, Ownership } from "../../wire/http.ts";
import { CodeField, SendCode } from "../gate/CodeField.tsx";
import { type Contact, prove } from "../gate/contact.ts";
import { words } from "./words.ts";

type Way = "password" | Contact["kind"];

export interface Owner {
  readonly way: Way;
  readonly contact: Contact;
  readonly password: string;
  readonly code: string;
  readonly resendAt: number | undefined;
  readonly choose: (way: Way) => void;
  readonly type: (text: string) => void;
  readonly sent: (resendAt: number) => void;
  /** Do what only the owner may, with what was shown; rejects with why it was refused. */
  readonly act: <T>(work: (shown: Ownership) => Promise<T>) => Promise<T>;
  readonly forget: () => void;
}

export function useOwner(account: Account): Owner {
  const [way, setWay] = useState<Way>(account.has_password ? "password" : "phone");
  const [text, setText] = useState("");
  const [resendAt, setResendAt] = useState<number | undefined>(undefined);
  const proof = useRef<string | undefined>(undefined); // good until it is used: a refusal for something else leaves it
  const contact = contactBy(way, account);
  const forget = () => {
    proof.current = undefined;
    setText("");
  };
  return {
    way,
    contact,
    password: text,
    code: text,
    resendAt,
    choose: (next) => {
      forget();
      setResendAt(undefined);
      setWay(next);
    },
    type: (next) => {
      proof.current = undefined;
      setText(next);
    },
    sent: (at) => {
      forget();
      setResendAt(at);
    },
    act: async (work) => {
      if (way === "password") return await work({ password: text });
      try {
        return await work({ owner_proof: (proof.current ??= await prove(contact, text)) });
      } catch (fault) {
        if (said(fault).code === "contact_unproven") forget();
        throw fault;
      }
    },
    forget,
  };
}

function contactBy(way: Way, account: Account): Contact {
  return way === "email" ? { kind: "email", value: account.email } : { kind: "phone", value: account.phone };
}

interface OwnerShownProps {
  readonly account: Account;
  readonly owner: Owner;
  /** Why what the owner wanted was refused. */
  readonly fault: unknown;
}

/** What is filled in for it. */
export function OwnerShown({ account, owner, fault }: OwnerShownProps) {
  const t = words.value;
  const { code, text, fields } = said(fault);
  const ways = [
    ...(account.has_password ? [{ value: "password" as const, label: t.byPassword }] : []),
    { value: "phone" as const, label: t.byCode(account.phone) },
    { value: "email" as const, label: t.byCode(account.email) },
  ];
  return (
    <>
      <Choice label={t.itIsMe} hint={t.itIsMeHint} value={owner.way} options={ways} onChoice={owner.choose} />
      {owner.way === "password" ? (
        <Field
          label={t.present}
          name="present"
          type="password"
          autoComplete="current-password"
          required
          value={owner.password}
          fault={code === "password_wrong" ? text : fields["password"]}
          onText={owner.type}
        />
      ) : (
        <div class="me-code">
          <SendCode contact={owner.contact} resendAt={owner.resendAt} onSent={owner.sent} />
          <CodeField
            contact={owner.contact}
            resendAt={owner.resendAt}
            code={owner.code}
            fault={fields["code"]}
            onCode={owner.type}
          />
        </div>
      )}
    </>
  );
}
