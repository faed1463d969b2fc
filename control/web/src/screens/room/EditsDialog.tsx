/** What a message has said, the newest wording first: for those who keep order. */

import { usePages } from "../../app/pages.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Prose } from "../../parts/Prose.tsx";
import type { RoomModel } from "../../room/model.ts";
import { dayAndTime } from "../../words/times.ts";
import { words } from "./words.ts";

interface EditsProps {
  readonly of: number;
  readonly model: RoomModel;
  readonly onClose: () => void;
}

export function EditsDialog({ of, model, onClose }: EditsProps) {
  const t = words.value;
  const pages = usePages(`${model.id} ${of}`, async (cursor) => {
    const { events, more } = await model.room.edits(of, cursor === null ? undefined : Number(cursor));
    const wordings = events.filter((each) => each.type === "message" || each.type === "message.edited");
    return { items: wordings.toReversed(), next: more ? String(wordings[0]?.seq) : null };
  });
  return (
    <Dialog title={t.edits} onClose={onClose}>
      <Paged pages={pages} empty={null}>
        {(wordings) => (
          <ol class="room-edits">
            {wordings.map(({ type, seq, at, text }) => (
              <li key={seq}>
                <p class="small soft figures">
                  {type === "message" ? t.saidFirst : t.edited} · {dayAndTime(at)}
                </p>
                {text === "" ? <p class="soft">{t.file}</p> : <Prose text={text} />}
              </li>
            ))}
          </ol>
        )}
      </Paged>
    </Dialog>
  );
}
