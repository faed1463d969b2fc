import { isBlocked } from "../../app/blocked.ts";
import type { RoomModel } from "../../room/model.ts";
import { words } from "./words.ts";

/** Who types now. It keeps its place when nobody does, so that nothing jumps. */
export function TypingLine({ model }: { readonly model: RoomModel }) {
  const who = [...model.typists.value.keys()].filter((user) => !isBlocked(user));
  const names = who.slice(0, 2).map((id) => model.people.person(id)?.nickname ?? words.value.somebody);
  return (
    <p class="room-typing cut" aria-live="polite">
      {who.length > 0 && words.value.typing(names.join(", "), who.length)}
    </p>
  );
}
