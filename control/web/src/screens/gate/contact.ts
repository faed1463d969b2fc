/** A phone number or an e-mail address that somebody proves to have. */

import { ask } from "../../app/http.ts";

export interface Contact {
  readonly kind: "phone" | "email";
  readonly value: string;
}

/** What somebody typed: with an @ it is an e-mail address, else a phone number. */
export function contactOf(typed: string): Contact {
  const value = typed.trim();
  return { kind: value.includes("@") ? "email" : "phone", value };
}

/** Send a code there; when another may be asked for, by this machine's clock. */
export async function sendCode({ kind, value }: Contact): Promise<number> {
  const sent =
    kind === "phone"
      ? await ask("POST /api/v1/phone-codes", { body: { phone: value } })
      : await ask("POST /api/v1/email-codes", { body: { email: value } });
  return sent.resend_at;
}

/** Exchange the code for a proof. */
export async function prove({ kind, value }: Contact, code: string): Promise<string> {
  const proven =
    kind === "phone"
      ? await ask("POST /api/v1/phone-codes/verify", { body: { phone: value, code } })
      : await ask("POST /api/v1/email-codes/verify", { body: { email: value, code } });
  return proven.proof;
}
