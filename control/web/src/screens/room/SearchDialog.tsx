/** Looking for what was said. */

import { useEffect, useState } from "preact/hooks";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Field } from "../../parts/Field.tsx";
import { FaultNote, Skeleton } from "../../parts/States.tsx";
import type { RoomModel } from "../../room/model.ts";
import type { Event, State } from "../../wire/socket.ts";
import { FoundList } from "./FoundList.tsx";
import { words } from "./words.ts";

interface SearchProps {
  readonly model: RoomModel;
  readonly onClose: () => void;
}

interface Results {
  readonly text: string;
  readonly events: readonly Event[];
  readonly states: readonly State[];
  /** Where to go on; undefined when all was looked through. */
  readonly next: number | undefined;
}

/** Who types stops so long before it is looked for. */
const CALM_MS = 250;

export function SearchDialog({ model, onClose }: SearchProps) {
  const [text, setText] = useState("");
  const [found, setFound] = useState<Results | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>(undefined);
  const wanted = text.trim();

  const look = async (before: Results | undefined, isWanted: () => boolean) => {
    setBusy(true);
    setFault(undefined);
    try {
      const page = await model.room.search(wanted, before?.next);
      if (!isWanted()) return;
      setFound({
        text: wanted,
        events: [...(before?.events ?? []), ...page.events],
        states: [...(before?.states ?? []), ...(page.states ?? [])],
        next: page.next ?? undefined,
      });
    } catch (found_) {
      if (isWanted()) setFault(found_);
    } finally {
      if (isWanted()) setBusy(false);
    }
  };
  useEffect(() => {
    let isWanted = true;
    setFound(undefined);
    if (wanted === "") return undefined;
    const timer = setTimeout(() => void look(undefined, () => isWanted), CALM_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
      setBusy(false);
    };
  }, [wanted]);

  return (
    <Dialog title={words.value.search} onClose={onClose}>
      <Field
        label={words.value.search}
        hint={words.value.searchHint}
        name="search"
        type="search"
        value={text}
        onText={setText}
        maxLength={100}
        autoFocus
      />
      <FaultNote fault={fault} />
      {busy && found === undefined && <Skeleton rows={3} />}
      <p role="status" class="soft">
        {found !== undefined &&
          found.events.length === 0 &&
          found.next === undefined &&
          words.value.nothingFound}
      </p>
      {found !== undefined && (
        <FoundList events={found.events} states={found.states} model={model} onClose={onClose} />
      )}
      {found?.next !== undefined && (
        <Button kind="quiet" wide busy={busy} onPress={() => void look(found, () => true)}>
          {words.value.more}
        </Button>
      )}
    </Dialog>
  );
}
