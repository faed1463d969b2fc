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
import { Draft } from "./draft.ts";
import { Messages } from "./Messages.tsx";
import { roomPath } from "./paths.ts";
import { words } from "./words.ts";

interface ThreadPaneProps {
  readonly model: RoomModel;
  readonly of: number;
}

export function ThreadPane({ model, of }: ThreadPaneProps) {
  const [shown, setShown] = useState<{ readonly thread: ThreadModel; readonly draft: Draft } | undefined>(
    undefined,
  );
  useEffect(() => {
    const thread = new ThreadModel(model, of);
    setShown({ thread, draft: new Draft(model.unsaid, model.id, of) });
    return () => thread.close();
  }, [model, of]);
  const Title = isVeryWide.value ? "h2" : "h1"; // beside the room's name, or alone
  const info = model.info.value;
  const isGone = shown?.thread.fault.value instanceof Failure && !shown.thread.fault.value.temporary;
  return (
    <section class="thread" aria-label={words.value.thread} data-arrival tabIndex={-1}>
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
            {shown !== undefined &&
              shown.thread.replies > 0 &&
              ` · ${words.value.replies(shown.thread.replies)}`}
          </p>
        </div>
        {isVeryWide.value && (
          <ButtonLink href={roomPath(model.id)} kind="quiet" icon="close">
            <span class="unseen">{words.value.closeThread}</span>
          </ButtonLink>
        )}
      </header>
      {shown !== undefined && isGone && (
        <Empty title={words.value.noThread}>{said(shown.thread.fault.value).text}</Empty>
      )}
      {shown !== undefined && !isGone && (
        <>
          <Messages talk={shown.thread} model={model} draft={shown.draft} />
          <Composer model={model} draft={shown.draft} />
        </>
      )}
    </section>
  );
}
