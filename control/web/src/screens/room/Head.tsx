/** Where one is, who is here, and what else there is to see of a room. */

import { useState } from "preact/hooks";
import { isWide } from "../../app/width.ts";
import { standing } from "../../app/session.ts";
import { isHere } from "../../app/presence.ts";
import { ButtonLink, IconButton } from "../../parts/Button.tsx";
import { words as common } from "../../words/common.ts";
import type { RoomModel } from "../../room/model.ts";
import { CallAct } from "../../together/Stage.tsx";
import { SetTimer } from "../../together/Timer.tsx";
import { words as together } from "../../together/words.ts";
import type { RoomCall } from "../../together/call.ts";
import type { RoomTimer } from "../../together/roomtimer.ts";
import { AboutDialog } from "./AboutDialog.tsx";
import { MembersDialog } from "./MembersDialog.tsx";
import { PageDialog } from "./PageDialog.tsx";
import { SearchDialog } from "./SearchDialog.tsx";
import { words } from "./words.ts";
import { titleOf } from "../../words/titled.ts";

type Shown = "about" | "members" | "pins" | "search" | "timer";

interface HeadProps {
  readonly model: RoomModel;
  readonly call: RoomCall;
  readonly timer: RoomTimer;
}

export function Head({ model, call, timer }: HeadProps) {
  const [isOpen, setOpen] = useState(false);
  const [shown, setShown] = useState<Shown | undefined>(undefined);
  const info = model.info.value;
  const members = model.people.members.value;
  const here = Math.max([...members.keys()].filter(isHere).length, model.crowd.value);
  const isOnline = standing.value.kind === "online";
  const close = () => setShown(undefined);
  const phase = timer.phase.value;
  const rest = (
    <>
      {(phase === "none" || phase === "ended") && (
        <IconButton icon="timer" label={together.value.setTimer} onPress={() => setShown("timer")} />
      )}
      <IconButton icon="search" label={words.value.search} onPress={() => setShown("search")} />
      <IconButton icon="pin" label={words.value.pins} onPress={() => setShown("pins")} />
    </>
  );
  return (
    <header class="room-head">
      <span class="room-head-back">
        <ButtonLink href="/" kind="quiet" icon="back">
          <span class="unseen">{common.value.back}</span>
        </ButtonLink>
      </span>
      <div class="room-head-text">
        <h1 class="cut">
          <button type="button" class="room-title cut" onClick={() => setShown("about")}>
            {info.kind === "ready" ? titleOf(info.value) : words.value.talk}
          </button>
        </h1>
        <p class="small soft cut figures">
          {info.kind === "ready" && words.value.members(info.value.member_count)}
          {isOnline && here > 0 && ` · ${words.value.here(here)}`}
        </p>
      </div>
      <CallAct call={call} person={(user) => model.people.person(user)} />
      {isWide.value && rest}
      <IconButton icon="people" label={words.value.membersTitle} onPress={() => setShown("members")} />
      {!isWide.value && (
        <IconButton icon="more" label={words.value.more} pressed={isOpen} onPress={() => setOpen(!isOpen)} />
      )}
      {!isWide.value && isOpen && <div class="room-head-more">{rest}</div>}
      {shown === "about" && <AboutDialog model={model} onClose={close} />}
      {shown === "members" && <MembersDialog model={model} onClose={close} />}
      {shown === "timer" && <SetTimer timer={timer} onClose={close} />}
      {shown === "pins" && (
        <PageDialog
          title={words.value.pins}
          empty={words.value.noPins}
          load={() => model.room.pins()}
          model={model}
          onClose={close}
        />
      )}
      {shown === "search" && <SearchDialog model={model} onClose={close} />}
    </header>
  );
}
