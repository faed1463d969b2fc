/** Messages that were looked for: who, when, what; a press leads to where it was said. */

import { isFolded } from "../../app/blocked.ts";
import type { RoomModel } from "../../room/model.ts";
import { become, saying } from "../../room/saying.ts";
import type { Event, State } from "../../wire/socket.ts";
import { shortly } from "../../words/times.ts";
import { words } from "./words.ts";

interface FoundListProps {
  readonly events: readonly Event[];
  readonly states: readonly State[];
  readonly model: RoomModel;
  readonly onClose: () => void;
}

export function FoundList({ events, states, model, onClose }: FoundListProps) {
  const bySeq = new Map(states.map((state) => [state.seq, state]));
  const found = events.flatMap((event) => {
    if (event.type !== "message") return [];
    const state = bySeq.get(event.seq);
    return [state ? become(saying(event), state, model.me) : saying(event)];
  });
  return (
    <ul class="room-found">
      {found.map(({ event, text, deleted }) => (
        <li key={event.seq}>
          <button
            type="button"
            class="room-found-one"
            onClick={() => {
              onClose();
              void model.goTo(event.seq);
            }}
          >
            <b>
              {isFolded(event)
                ? words.value.somebody
                : (event.name ?? model.people.person(event.sender)?.nickname ?? words.value.somebody)}
            </b>
            <time class="small soft figures">{shortly(event.at)}</time>
            <span>
              {isFolded(event)
                ? words.value.folded
                : deleted
                  ? words.value.deletedOne
                  : text || words.value.file}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
