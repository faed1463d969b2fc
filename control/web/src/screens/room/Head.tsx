/** Where one is, who is here, and what else there is to see of a room. */

import { useState } from "preact/hooks";
import { standing } from "../../app/session.ts";
import { stateOf } from "../../app/presence.ts";
import { ButtonLink, IconButton } from "../../parts/Button.tsx";
import { words as common } from "../../words/common.ts";
import type { RoomModel } from "../../room/model.ts";
import { MembersDialog } from "./MembersDialog.tsx";
import { PinsDialog } from "./PinsDialog.tsx";
import { SearchDialog } from "./SearchDialog.tsx";
import { words } from "./words.ts";

type Shown = "members" | "pins" | "search";

export function Head({ model }: { readonly model: RoomModel }) {
  const [shown, setShown] = useState<Shown | undefined>(undefined);
  const info = model.info.value;
  const members = model.people.members.value;
  const here = [...members.keys()].filter((id) => stateOf(id) === "online" || stateOf(id) === "away").length;
  const isOnline = standing.value.kind === "online";
  const close = () => setShown(undefined);
  return (
    <header class="room-head">
      <span class="room-head-back">
        <ButtonLink href="/" kind="quiet" icon="back">
          <span class="unseen">{common.value.back}</span>
        </ButtonLink>
      </span>
      <div class="room-head-text">
        <h1 class="cut">{info.kind === "ready" ? info.value.title : " "}</h1>
        <p class="small soft cut figures">
          {info.kind === "ready" && words.value.members(info.value.member_count)}
          {isOnline && here > 0 && ` · ${words.value.here(here)}`}
        </p>
      </div>
      <IconButton icon="search" label={words.value.search} onPress={() => setShown("search")} />
      <IconButton icon="pin" label={words.value.pins} onPress={() => setShown("pins")} />
      <IconButton icon="people" label={words.value.membersTitle} onPress={() => setShown("members")} />
      {shown === "members" && <MembersDialog model={model} onClose={close} />}
      {shown === "pins" && <PinsDialog model={model} onClose={close} />}
      {shown === "search" && <SearchDialog model={model} onClose={close} />}
    </header>
  );
}
