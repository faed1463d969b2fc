/** A call that goes on while its room is not looked at: still heard, and the way back. */

import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { pathTo } from "../../app/routes.ts";
import { ButtonLink, IconButton } from "../../parts/Button.tsx";
import { useSpeaker } from "../../together/choices.ts";
import { words as together } from "../../together/words.ts";
import "./aside.css";
import type { Opened } from "./opened.ts";
import { words } from "./words.ts";
import { titleOf } from "../../words/titled.ts";

export function asideOf({ model, call }: Opened): ComponentType {
  return function CallAside() {
    const info = model.info.value;
    const isOn = call.mic.track.value !== null;
    const t = together.value;
    return (
      <section class="aside-call" aria-label={t.call}>
        {[...call.seen.value].map(([peer, { stream }]) => (
          <Sound key={peer} stream={stream} />
        ))}
        <ButtonLink icon="call" href={pathTo("/rooms/:room", { room: model.id })}>
          {t.backToCall}
        </ButtonLink>
        <p class="cut small">{info.kind === "ready" ? titleOf(info.value) : words.value.talk}</p>
        <IconButton
          icon={isOn ? "mic" : "mic-off"}
          label={isOn ? t.micOff : t.micOn}
          kind={isOn ? "plain" : "danger"}
          onPress={() => call.turn(call.mic, !isOn)}
        />
        <IconButton icon="hang-up" label={t.leave} kind="danger" onPress={() => call.leave()} />
      </section>
    );
  };
}

function Sound({ stream }: { readonly stream: MediaStream }) {
  const audio = useRef<HTMLAudioElement>(null);
  useEffect(() => {
    if (audio.current !== null) audio.current.srcObject = stream;
  }, [stream]);
  useSpeaker(audio);
  return <audio ref={audio} autoplay />;
}
