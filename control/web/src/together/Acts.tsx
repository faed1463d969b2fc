/** What a room's head has for doing something together. */

import { useState } from "preact/hooks";
import { IconButton } from "../parts/Button.tsx";
import { Lobby, type StageProps } from "./Stage.tsx";
import type { RoomTimer } from "./roomtimer.ts";
import { SetTimer } from "./Timer.tsx";
import { words } from "./words.ts";

/** The way into the call; nothing for who is in. */
export function CallAct({ call, person }: StageProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      {call.phase.value === "out" && (
        <IconButton icon="call" label={words.value.begin} onPress={() => setAsking(true)} />
      )}
      {asking && <Lobby call={call} person={person} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Setting the timer; nothing while it runs. */
export function TimerAct({ timer }: { readonly timer: RoomTimer }) {
  const [asking, setAsking] = useState(false);
  const phase = timer.phase.value;
  return (
    <>
      {(phase === "none" || phase === "ended") && (
        <IconButton icon="timer" label={words.value.setTimer} onPress={() => setAsking(true)} />
      )}
      {asking && <SetTimer timer={timer} onClose={() => setAsking(false)} />}
    </>
  );
}
