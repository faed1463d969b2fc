/** What can be done with a message, in a dialog: the same for a mouse, a finger and a keyboard. */

import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { go } from "../../app/place.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { copy } from "../../parts/copy.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Emojis } from "../../parts/Emojis.tsx";
import { ReportAsked } from "../../parts/ReportAsked.tsx";
import { FaultNote } from "../../parts/States.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { RoomModel } from "../../room/model.ts";
import { reactionsOf, type Saying } from "../../room/saying.ts";
import type { MakeReport } from "../../wire/http.ts";
import type { Draft } from "./draft.ts";
import { EditsDialog } from "./EditsDialog.tsx";
import { threadPath } from "./paths.ts";
import { ReactedDialog } from "./ReactedDialog.tsx";
import { words } from "./words.ts";

/** The first that come to mind. */
const FIRST = ["👍", "❤️", "😂", "😮", "😢", "🙏", "🎉", "🔥"] as const;

interface ActsProps {
  readonly saying: Saying;
  readonly model: RoomModel;
  readonly draft: Draft;
  readonly onClose: () => void;
}

export function Acts({ saying, model, draft, onClose }: ActsProps) {
  const { seq, sender, origin } = saying.event;
  const isMine = sender === model.me;
  const mayModerate = moderates(model);
  const isPinned = saying.pin > 0;
  const [isDeleting, setDeleting] = useState(false);
  const [isReporting, setReporting] = useState(false);
  const [shown, setShown] = useState<"edits" | "reacted" | undefined>(undefined);
  const task = useTask(async (work: () => Promise<unknown>) => {
    await work();
    onClose();
  });
  const reactions = reactionsOf(saying, model.me);
  const mine = new Set(reactions.filter((each) => each.mine).map(({ emoji }) => emoji));
  const report = (body: MakeReport) =>
    ask("POST /api/v1/rooms/{room}/messages/{seq}/reports", { path: { room: model.id, seq }, body });
  const then = (act: () => void) => () => {
    onClose();
    setTimeout(act); // once the dialog has given the focus back
  };
  if (shown === "reacted") return <ReactedDialog saying={saying} model={model} onClose={onClose} />;
  if (shown === "edits") return <EditsDialog of={seq} model={model} onClose={onClose} />;
  if (isReporting) return <ReportAsked onReport={report} onClose={onClose} />;
  return (
    <Dialog title={words.value.message} onClose={onClose}>
      <p class="acts-about cut soft">{saying.text}</p>
      <FaultNote fault={task.fault} />
      {isDeleting ? (
        <>
          <p>{words.value.deleteAsk}</p>
          <div class="dialog-acts">
            <Button
              kind="danger"
              icon="trash"
              busy={task.busy}
              onPress={() => task.run(() => model.delete(seq))}
            >
              {words.value.delete}
            </Button>
            <Button kind="quiet" onPress={() => setDeleting(false)}>
              {words.value.cancel}
            </Button>
          </div>
        </>
      ) : (
        <>
          <Emojis
            first={FIRST.map((emoji) => ({ emoji, label: words.value.react(emoji) }))}
            labelOf={words.value.react}
            chosen={mine}
            onChoice={(emoji) => task.run(() => model.react(seq, emoji, !mine.has(emoji)))}
          />
          <div class="acts">
            {draft.thread === undefined && (
              <>
                <Button kind="quiet" icon="reply" onPress={then(() => draft.answer(saying))}>
                  {words.value.reply}
                </Button>
                <Button kind="quiet" icon="rooms" onPress={then(() => go(threadPath(model.id, seq)))}>
                  {words.value.openThread}
                </Button>
              </>
            )}
            <Button
              kind="quiet"
              icon="copy"
              onPress={then(() => {
                void copy(saying.text).then((isDone) =>
                  say(isDone ? words.value.copied : words.value.notCopied),
                );
              })}
            >
              {words.value.copy}
            </Button>
            {isMine && origin == null && (
              <Button kind="quiet" icon="edit" onPress={then(() => draft.edit(saying))}>
                {words.value.edit}
              </Button>
            )}
            {mayModerate && (
              <Button kind="quiet" icon="pin" onPress={() => task.run(() => model.pin(seq, !isPinned))}>
                {isPinned ? words.value.unpin : words.value.pin}
              </Button>
            )}
            {(isMine || (mayModerate && !isDirect(model))) && (
              <Button kind="quiet" icon="trash" onPress={() => setDeleting(true)}>
                {words.value.delete}
              </Button>
            )}
            {reactions.length > 0 && (
              <Button kind="quiet" icon="smile" onPress={() => setShown("reacted")}>
                {words.value.whoReacted}
              </Button>
            )}
            {saying.edited > 0 && keepsOrder(model) && (
              <Button kind="quiet" icon="edit" onPress={() => setShown("edits")}>
                {words.value.edits}
              </Button>
            )}
            {!isMine && (
              <Button kind="quiet" icon="flag" onPress={() => setReporting(true)}>
                {words.value.report}
              </Button>
            )}
          </div>
        </>
      )}
    </Dialog>
  );
}

function isDirect(model: RoomModel): boolean {
  const info = model.info.value;
  return info.kind === "ready" && info.value.kind === "direct";
}

/** Whether I may pin: moderators, and either person of a direct room. */
function moderates(model: RoomModel): boolean {
  return isDirect(model) || keepsOrder(model);
}

function keepsOrder(model: RoomModel): boolean {
  const role = model.people.members.value.get(model.me)?.role;
  return role === "owner" || role === "moderator";
}
