/** What people read when something was refused or broke: the server's sentence, in their language, or ours. */

import { Failure } from "../chat/failure.ts";
import { Problem } from "../http/index.ts";
import { words } from "../words/common.ts";
import { sentenceOf } from "../words/errors.ts";

export interface Said {
  /** A stable code; `broken` for what nobody foresaw. */
  readonly code: string;
  readonly text: string;
  /** What is wrong with which value, by its name. */
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfterMs: number | undefined;
}

export function said(fault: unknown): Said {
  if (fault instanceof Failure) {
    const { code, message, retryAfterMs } = fault;
    const text = code === "offline" ? words.value.cannotReach : inWords(message);
    return { code, text, fields: fault instanceof Problem ? fault.fields : {}, retryAfterMs };
  }
  return { code: "broken", text: words.value.broken, fields: {}, retryAfterMs: undefined };
}

/** A sentence as it is; of a bare code, what it says. */
function inWords(message: string): string {
  return /^[a-z_]+$/.test(message) ? (sentenceOf(message) ?? words.value.broken) : message;
}
