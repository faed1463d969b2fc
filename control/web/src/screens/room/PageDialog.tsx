/** A page of messages of a room, as what is pinned, or what was answered to one of them. */

import { useLoaded } from "../../app/load.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Empty, Failed, Skeleton } from "../../parts/States.tsx";
import type { RoomModel } from "../../room/model.ts";
import type { Page } from "../../wire/socket.ts";
import { FoundList } from "./FoundList.tsx";

interface PageDialogProps {
  readonly title: string;
  /** What stands there when nothing does. */
  readonly empty: string;
  readonly load: () => Promise<Page>;
  readonly model: RoomModel;
  readonly onClose: () => void;
}

export function PageDialog({ title, empty, load, model, onClose }: PageDialogProps) {
  const { state, reload } = useLoaded(`${model.id} ${title}`, load);
  return (
    <Dialog title={title} onClose={onClose}>
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && state.value.events.length === 0 && <Empty title={empty} />}
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
