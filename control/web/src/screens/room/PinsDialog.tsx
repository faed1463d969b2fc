/** What was pinned, the last pin first. */

import { useLoaded } from "../../app/load.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Empty, Failed, Skeleton } from "../../parts/States.tsx";
import type { RoomModel } from "../../room/model.ts";
import { FoundList } from "./FoundList.tsx";
import { words } from "./words.ts";

interface PinsProps {
  readonly model: RoomModel;
  readonly onClose: () => void;
}

export function PinsDialog({ model, onClose }: PinsProps) {
  const { state, reload } = useLoaded(model.id, () => model.room.pins());
  return (
    <Dialog title={words.value.pins} onClose={onClose}>
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && state.value.events.length === 0 && <Empty title={words.value.noPins} />}
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
