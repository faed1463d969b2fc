/** Control, as this page asks it: with the session of this browser, in the language of the moment. */

import { type Input, type Key, openHttp, type Result } from "../http/index.ts";
import { language } from "../words/language.ts";

export const http = openHttp(() => language.peek());

type Said<K extends Key> =
  object extends Input<K>
    ? [input?: Input<K>, signal?: AbortSignal]
    : [input: Input<K>, signal?: AbortSignal];

/** Ask an operation; rejects with a `Failure` that says why not. What nobody waits for any more is aborted by `signal`. */
export function ask<K extends Key>(key: K, ...[input, signal]: Said<K>): Promise<Result<K>> {
  return http.wish(key, input, signal === undefined ? {} : { signal });
}
