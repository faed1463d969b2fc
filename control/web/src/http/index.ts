/** Control over HTTP: typed by operation, with one session for all tabs. */

import { Http } from "./client.ts";
import { browserLock } from "./lock.ts";
import { Session } from "./session.ts";

export { Http } from "./client.ts";
export { deviceName } from "./device.ts";
export { type Asked, type Input, type Key, Problem, type Result } from "./exchange.ts";
export type { Kept, Session, SessionNews } from "./session.ts";
export { socketTokens } from "./tokens.ts";

/** Control as the page's own server. */
export function openHttp(language: () => "en" | "ko"): Http {
  const place = { fetch: window.fetch.bind(window), base: "", language };
  const session = new Session(place, localStorage, browserLock());
  window.addEventListener("storage", ({ key }) => session.changed(key));
  return new Http(place, session);
}
