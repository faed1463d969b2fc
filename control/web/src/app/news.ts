/** News of the chat that a component waits for. */

import { useEffect, useRef } from "preact/hooks";
import type { News } from "../wire/socket.ts";
import { chat } from "./session.ts";

/** Have `act` done whenever something is heard that `wants` is true of. */
export function useNews(wants: (news: News) => boolean, act: () => void): void {
  const client = chat.value;
  const current = useRef({ wants, act });
  current.current = { wants, act };
  useEffect(
    () =>
      client?.news.add((news) => {
        if (current.current.wants(news)) current.current.act();
      }),
    [client],
  );
}
