/** A message and what was answered to it. */

import { useLoaded } from "../../app/load.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Failed, Skeleton } from "../../parts/States.tsx";
import type { RoomModel } from "../../room/model.ts";
import { FoundList } from "./FoundList.tsx";
import { words } from "./words.ts";

interface ThreadProps {
  readonly of: number;
  readonly model: RoomModel;
  readonly onClose: () => void;
}

export function ThreadDialog({ of, model, onClose }: ThreadProps) {
  const { state, reload } = useLoaded(`${model.id} ${of}`, () => model.room.thread(of));
  return (
    <Dialog title={words.value.thread} onClose={onClose}>
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <FoundList
          events={state.value.events}
          states={state.value.states ?? []}
          model={model}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}
