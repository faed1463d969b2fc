/** A thread: a message and all answers to it, beside its room or on a page of its own. */

import { useEffect, useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { isVeryWide } from "../../app/width.ts";
import { ButtonLink } from "../../parts/Button.tsx";
import { Empty } from "../../parts/States.tsx";
import { Failure } from "../../chat/failure.ts";
import type { RoomModel } from "../../room/model.ts";
import { titleOf } from "../../words/titled.ts";
import { ThreadModel } from "../../room/threadmodel.ts";
import { Composer } from "./Composer.tsx";
import type { Draft } from "./draft.ts";
import { useDropping } from "./Dropping.tsx";
import { Messages } from "./Messages.tsx";
import { roomPath } from "./paths.ts";
import { words } from "./words.ts";

interface ThreadPaneProps {
  readonly model: RoomModel;
  readonly draft: Draft;
  readonly of: number;
}

export function ThreadPane({ model, draft, of }: ThreadPaneProps) {
  const [thread, setThread] = useState<ThreadModel | undefined>(undefined);
  useEffect(() => {
    const opened = new ThreadModel(model, of);
    setThread(opened);
    return () => opened.close();
  }, [model, of]);
  const dropping = useDropping(model, draft);
  const Title = isVeryWide.value ? "h2" : "h1"; // beside the room's name, or alone
  const info = model.info.value;
  const why = thread?.missing.value.jump?.why;
  const isGone = why instanceof Failure && !why.temporary;
  return (
    <section class="thread" aria-label={words.value.thread} data-arrival tabIndex={-1} {...dropping.handlers}>
      <header class="room-head">
        {!isVeryWide.value && (
          <ButtonLink href={roomPath(model.id, of)} kind="quiet" icon="back">
            <span class="unseen">{words.value.closeThread}</span>
          </ButtonLink>
        )}
        <div class="room-head-text">
          <Title class="cut">{words.value.thread}</Title>
          <p class="small soft cut figures">
            {info.kind === "ready" && words.value.inRoom(titleOf(info.value))}
            {thread !== undefined && thread.replies > 0 && ` · ${words.value.replies(thread.replies)}`}
          </p>
        </div>
        {isVeryWide.value && (
          <ButtonLink href={roomPath(model.id)} kind="quiet" icon="close">
            <span class="unseen">{words.value.closeThread}</span>
          </ButtonLink>
        )}
      </header>
      {thread !== undefined && isGone && <Empty title={words.value.noThread}>{said(why).text}</Empty>}
      {thread !== undefined && !isGone && (
        <>
          <Messages talk={thread} model={model} draft={draft} />
          <Composer model={model} draft={draft} />
          {dropping.sign}
        </>
      )}
    </section>
  );
}
