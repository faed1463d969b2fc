/** The client in a browser: its sockets, and what a page hears of its network and of being looked at. */

import { Client, type Options, type Socket } from "./client.ts";

type Here = Omit<Options, "dial"> & {
  /** chatd's address, as `wss://madang.example/socket`. */
  readonly url: string;
};

/** A client, and what ends it: `stop` lets go of the page's events, too. */
export function openClient({ url, ...options }: Here): Client {
  const client = new Client({ ...options, dial: () => new WebSocket(url) as Socket });
  const ends = new AbortController();
  const { signal } = ends;
  window.addEventListener("online", () => client.wake(), { signal });
  window.addEventListener("pageshow", ({ persisted }) => persisted && client.wake(), { signal });
  document.addEventListener("visibilitychange", () => !document.hidden && client.wake(), { signal });
  client.standings.add(({ kind }) => kind === "stopped" && ends.abort());
  return client;
}

/** Where chatd is when it is where this page came from, as behind one address it is. */
export function socketBeside(page: Location): string {
  return `${page.protocol === "https:" ? "wss:" : "ws:"}//${page.host}/socket`;
}
