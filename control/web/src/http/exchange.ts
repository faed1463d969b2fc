/** One request and its answer: typed by its operation, refused as a `Problem`. It knows nothing of sessions and of trying again. */

import { Failure } from "../chat/failure.ts";
import { type ErrorCode, TEMPORARY } from "../wire/codes.ts";
import type { Operations, Problem as Told } from "../wire/http.ts";

/** An operation, by its method and path, as `GET /api/v1/me`. */
export type Key = keyof Operations;

/** What an operation takes. */
export type Input<K extends Key> = Pick<
  Operations[K],
  Extract<keyof Operations[K], "path" | "query" | "body">
>;

/** What an operation gives. */
export type Result<K extends Key> = Operations[K]["result"];

/** The input, which may be left out where nothing must be said. */
export type Asked<K extends Key> = object extends Input<K> ? [input?: Input<K>] : [input: Input<K>];

/** A refusal (RFC 9457). `fields` says what is wrong where, for people. */
export class Problem extends Failure {
  readonly status: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly requestId: string | undefined;

  constructor(status: number, told: Partial<Told>) {
    const code = (told.code ?? (status >= 500 ? "unavailable" : "malformed")) as ErrorCode;
    const temporary = told.code === undefined ? TEMPORARY.has(code) : (told.temporary ?? false);
    super(code, told.title, temporary, told.retry_after_ms ?? undefined);
    this.status = status;
    this.fields = told.fields ?? {};
    this.requestId = told.request_id;
  }
}

export interface Place {
  readonly fetch: typeof fetch;
  /** Where control is; empty when it is where the page came from. */
  readonly base: string;
  readonly language: () => "en" | "ko";
}

export interface Answer<K extends Key> {
  readonly result: Result<K>;
  /** The server's time, in milliseconds, to the second; undefined when it did not tell. */
  readonly at: number | undefined;
}

/** Nothing that answers takes longer. */
const PATIENCE_MS = 20_000;

type Parts = {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
};

/**
 * Ask once. Rejects with a `Problem` when it is refused, with `offline` when nothing was heard, and with the signal's reason
 * when it was aborted. `outlive`: it is carried through though the page goes away. Nothing was heard when
 * nothing was within `patienceMs`.
 */
export async function exchange<K extends Key>(
  place: Place,
  key: K,
  input: Input<K> | undefined,
  signal?: AbortSignal,
  outlive: boolean = false,
  patienceMs: number = PATIENCE_MS,
): Promise<Answer<K>> {
  const { path, query, body } = (input ?? {}) as Parts;
  const [method, template] = key.split(" ") as [string, string];
  const headers: Record<string, string> = { accept: "application/json", "accept-language": place.language() };
  if (body !== undefined) headers["content-type"] = "application/json";
  const patience = AbortSignal.timeout(patienceMs);
  let answer: Response;
  let text: string;
  try {
    answer = await place.fetch(place.base + address(template, path, query), {
      method,
      headers,
      body: body === undefined ? null : JSON.stringify(body),
      credentials: place.base === "" ? "same-origin" : "include",
      keepalive: outlive,
      redirect: "error",
      cache: "no-store",
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    text = await answer.text();
  } catch (fault) {
    if (signal?.aborted) throw signal.reason;
    throw new Failure("offline", String(fault), true);
  }
  const json = answer.headers.get("content-type")?.includes("json") ?? false;
  const said = json ? parsed(text) : text === "" ? undefined : text;
  if (!answer.ok) throw new Problem(answer.status, json ? (said as Partial<Told>) : {});
  const date = Date.parse(answer.headers.get("date") ?? "");
  return { result: said as Result<K>, at: Number.isNaN(date) ? undefined : date };
}

/** A path with its parameters in it, and a query: what is undefined or null is left out, a list is said one by one. */
export function address(template: string, path: Parts["path"] = {}, query: Parts["query"] = {}): string {
  const filled = template.replace(/{(\w+)}/g, (_, name: string) => encodeURIComponent(String(path[name])));
  const said = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined && each !== null) said.append(name, String(each));
    }
  }
  return said.size === 0 ? filled : `${filled}?${said.toString()}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure("offline", "an answer was cut short", true);
  }
}
