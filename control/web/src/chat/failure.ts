/** Why a wish was not carried out: the answer that chatd gave, or the client's own when there will be none. */

import type { ErrorCode } from "../wire/codes.ts";
import type { Error as Refusal } from "../wire/socket.ts";

/**
 * Beside the server's codes, a client's own. `offline`: nothing was heard of the server; `room_closed`: this side closed the
 * room; `stopped`: this client will not connect again.
 */
export type FailureCode = ErrorCode | "offline" | "room_closed" | "stopped";

/** What a promise of this module is rejected with. `temporary`: the same may succeed later, after `retryAfterMs` if that is told. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: FailureCode;
  readonly temporary: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(
    code: FailureCode,
    message: string = code,
    temporary: boolean = false,
    retryAfterMs: number | undefined = undefined,
  ) {
    super(message);
    this.code = code;
    this.temporary = temporary;
    this.retryAfterMs = retryAfterMs;
  }
}

/** chatd's refusal as a failure. A code that is newer than this client is kept as it is. */
export function refused(refusal: Refusal): Failure {
  return new Failure(
    refusal.code as ErrorCode,
    refusal.message,
    refusal.temporary ?? false,
    refusal.retry_after_ms ?? undefined,
  );
}
