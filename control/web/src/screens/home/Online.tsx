import { useEffect, useState } from "preact/hooks";
import { chat, standing } from "../../app/session.ts";
import { count } from "../../words/times.ts";
import "./home.css";
import { words } from "./words.ts";

/** How many people are here, live. */
export function Online() {
  const people = useOnline();
  return (
    <p class="home-online">
      {people !== undefined && (
        <>
          <span class="home-lamp" aria-hidden="true" />
          {words.value.online(count(people))}
        </>
      )}
    </p>
  );
}

function useOnline(): number | undefined {
  const [people, setPeople] = useState<number>();
  const client = chat.value;
  const isOnline = standing.value.kind === "online";
  useEffect(() => {
    if (client === undefined || !isOnline) return undefined;
    const stop = client.news.add((news) => {
      if (news.type === "online") setPeople(news.count);
    });
    client.ask({ type: "online.watch", on: true }).then(
      (now) => setPeople(now.count),
      () => setPeople(undefined), // it is worth no word that this cannot be counted now
    );
    return () => {
      stop();
      void client.ask({ type: "online.watch", on: false }).catch(() => undefined);
    };
  }, [client, isOnline]);
  return people;
}
