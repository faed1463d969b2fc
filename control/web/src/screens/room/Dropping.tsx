/** Files that are attached to what is being written: chosen, pasted, or dropped anywhere on the conversation. */

import { useState } from "preact/hooks";
import { hasFiles } from "../../app/drops.ts";
import { useYetToCome } from "../../app/moment.ts";
import { say } from "../../parts/Toasts.tsx";
import type { RoomModel } from "../../room/model.ts";
import { LIMITS } from "../../wire/limits.ts";
import { nearTime } from "../../words/times.ts";
import type { Draft } from "./draft.ts";
import { words } from "./words.ts";

/** Until when I may not speak here; null when I may. */
export function useMutedUntil(model: RoomModel): number | null {
  return useYetToCome(model.people.members.value.get(model.me)?.muted_until ?? null);
}

/** Attach them, and say what was left out. */
export function enclose(draft: Draft, list: FileList | null | undefined): void {
  if (list == null || list.length === 0) return;
  if (draft.edits.peek() !== undefined) say(words.peek().noFilesToEdit);
  else if (draft.enclose([...list]) > 0) say(words.peek().tooManyFiles(LIMITS.attachments));
}

/** Files, and not above a dialog: what is asked there comes first. */
function isFor(event: DragEvent): boolean {
  return hasFiles(event) && event.target instanceof Element && event.target.closest("dialog") === null;
}

/** What makes an element take files: its handlers, and what is to be shown in it while some are above. */
export function useDropping(model: RoomModel, draft: Draft) {
  const [isOver, setOver] = useState(false);
  const mutedUntil = useMutedUntil(model);
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (!isFor(event)) return;
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: (event: DragEvent & { readonly currentTarget: HTMLElement }) => {
      const to = event.relatedTarget;
      if (!(to instanceof Node && event.currentTarget.contains(to))) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      if (!isFor(event)) return;
      event.preventDefault();
      setOver(false);
      if (mutedUntil === null) enclose(draft, event.dataTransfer?.files);
      else say(words.peek().muteUntil(nearTime(mutedUntil)));
    },
  };
  const sign = isOver && mutedUntil === null && <p class="room-drop">{words.value.dropHere}</p>;
  return { handlers, sign };
}
