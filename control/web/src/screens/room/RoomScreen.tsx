/** A room: who is here, what was said, and a place to say something. */

import { useEffect, useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { chat, me } from "../../app/session.ts";
import { Failure } from "../../chat/failure.ts";
import { ButtonLink } from "../../parts/Button.tsx";
import { Empty, Failed, Skeleton } from "../../parts/States.tsx";
import { Stage } from "../../together/Stage.tsx";
import { TimerStrip } from "../../together/Timer.tsx";
import { Composer } from "./Composer.tsx";
import { Head } from "./Head.tsx";
import { Messages } from "./Messages.tsx";
import { leaveRoom, openRoom, type Opened } from "./opened.ts";
import { TypingLine } from "./TypingLine.tsx";
import { words } from "./words.ts";
import "./room.css";
import { titleOf } from "../../words/titled.ts";

export default function RoomScreen({ params }: ScreenProps) {
  const room = params["room"] ?? "";
  const opened = useRoom(room);
  if (opened === undefined) return <Skeleton rows={8} />;
  if (opened instanceof Failure) return <Over why={opened} />;
  return <Inside key={room} {...opened} />;
}

/** The room, open for as long as it is looked at, or its call goes on; why not, when it cannot be. */
function useRoom(id: string): Opened | Failure | undefined {
  const client = chat.value;
  const user = me.value?.id;
  const [opened, setOpened] = useState<Opened | Failure | undefined>(undefined);
  useEffect(() => {
    if (client === undefined || user === undefined) return undefined;
    try {
      const now = openRoom(client, id, user);
      setOpened(now);
      return () => leaveRoom(now);
    } catch (fault) {
      setOpened(fault instanceof Failure ? fault : new Failure("internal"));
      return undefined;
    }
  }, [client, user, id]);
  return opened instanceof Failure || opened?.model.id === id ? opened : undefined;
}

function Inside({ model, call, timer, draft }: Opened) {
  const over = model.over.value;
  const info = model.info.value;
  if (over !== undefined) return <Over why={over} />;
  if (info.kind === "failed" && !model.holds) {
    return <Failed fault={info.fault} onAgain={() => void model.load()} />;
  }
  return (
    <section class="room" aria-label={info.kind === "ready" ? titleOf(info.value) : words.value.talk}>
      <div>
        <Head model={model} call={call} timer={timer} />
        <TimerStrip timer={timer} />
        <Stage
          call={call}
          person={(user) => model.people.person(user)}
          isForCalls={info.kind === "ready" && info.value.kind === "call"}
        />
      </div>
      <Messages model={model} draft={draft} />
      <TypingLine model={model} />
      <Composer model={model} draft={draft} />
    </section>
  );
}

function Over({ why }: { readonly why: Failure }) {
  return (
    <Empty title={words.value.over} act={<ButtonLink href="/">{words.value.backHome}</ButtonLink>}>
      {said(why).text}
    </Empty>
  );
}
