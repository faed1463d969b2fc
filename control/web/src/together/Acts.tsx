/** What a room's head has for doing something together: the call and the timer. */

import { useState } from "preact/hooks";
import { IconButton } from "../parts/Button.tsx";
import { Lobby, type StageProps } from "./Stage.tsx";
import type { RoomTimer } from "./roomtimer.ts";
import { SetTimer } from "./Timer.tsx";
import { words } from "./words.ts";

export function TogetherActs({ call, person, timer }: StageProps & { readonly timer: RoomTimer }) {
  const [asking, setAsking] = useState<"call" | "timer" | undefined>(undefined);
  const close = () => setAsking(undefined);
  const phase = timer.phase.value;
  return (
    <>
      {call.phase.value === "out" && (
        <IconButton icon="call" label={words.value.begin} onPress={() => setAsking("call")} />
      )}
      {(phase === "none" || phase === "ended") && (
        <IconButton icon="timer" label={words.value.setTimer} onPress={() => setAsking("timer")} />
      )}
      {asking === "call" && <Lobby call={call} person={person} onClose={close} />}
      {asking === "timer" && <SetTimer timer={timer} onClose={close} />}
    </>
  );
}
