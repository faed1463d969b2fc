/** Looking for what was said. */

import { useEffect, useMemo, useState } from "preact/hooks";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Field } from "../../parts/Field.tsx";
import { FaultNote, Skeleton } from "../../parts/States.tsx";
import type { RoomModel } from "../../room/model.ts";
import { FoundList } from "./FoundList.tsx";
import { Search } from "./search.ts";
import { words } from "./words.ts";

interface SearchProps {
  readonly model: RoomModel;
  readonly onClose: () => void;
}

/** Who types stops so long before it is looked for. */
const CALM_MS = 250;

export function SearchDialog({ model, onClose }: SearchProps) {
  const [text, setText] = useState("");
  const search = useMemo(() => new Search((...asked) => model.room.search(...asked)), [model]);
  const wanted = text.trim();
  const found = search.found.value;
  const busy = search.busy.value;
  useEffect(() => {
    search.clear();
    if (wanted === "") return undefined;
    const timer = setTimeout(() => void search.look(wanted), CALM_MS);
    return () => clearTimeout(timer);
  }, [search, wanted]);

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
      <FaultNote fault={search.fault.value} />
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
        <Button kind="quiet" wide busy={busy} onPress={() => void search.more()}>
          {words.value.more}
        </Button>
      )}
    </Dialog>
  );
}
