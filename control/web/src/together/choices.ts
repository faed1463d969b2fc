/** Which microphones, cameras and speakers there are, and which of them was chosen; and where what others say comes out. */

import { effect, signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { keep, kept } from "../app/keeping.ts";

export interface Choices {
  readonly microphones: readonly MediaDeviceInfo[];
  readonly cameras: readonly MediaDeviceInfo[];
  /** None where a page may not choose. */
  readonly speakers: readonly MediaDeviceInfo[];
}

const NONE: Choices = { microphones: [], cameras: [], speakers: [] };

/** The speaker that was chosen; empty for whichever the system takes. */
export const speaker = signal(kept("speaker") ?? "");

export function chooseSpeaker(id: string): void {
  keep("speaker", id);
  speaker.value = id;
}

/** Have `sound` come out of the speaker that was chosen, as long as it is shown. One that is gone is passed over. */
export function useSpeaker(sound: { readonly current: HTMLMediaElement | null }): void {
  useEffect(
    () =>
      effect(() => {
        const id = speaker.value;
        if (sound.current && "setSinkId" in sound.current) sound.current.setSinkId(id).catch(() => undefined);
      }),
    [],
  );
}

/** What there is now. Browsers name them only to a page that was once allowed to use one. */
export function useChoices(): Choices {
  const [choices, setChoices] = useState(NONE);
  useEffect(() => {
    if (!("mediaDevices" in navigator)) return undefined;
    let isShown = true;
    const look = () =>
      void navigator.mediaDevices.enumerateDevices().then(
        (all) => isShown && setChoices(sorted(all)),
        () => undefined, // whichever the system takes, then
      );
    look();
    navigator.mediaDevices.addEventListener("devicechange", look);
    return () => {
      isShown = false;
      navigator.mediaDevices.removeEventListener("devicechange", look);
    };
  }, []);
  return choices;
}

export function sorted(all: readonly MediaDeviceInfo[]): Choices {
  const of = (kind: MediaDeviceKind) => all.filter((each) => each.kind === kind && each.label !== "");
  const maySpeak = "setSinkId" in (globalThis.HTMLMediaElement?.prototype ?? {});
  return {
    microphones: of("audioinput"),
    cameras: of("videoinput"),
    speakers: maySpeak ? of("audiooutput") : [],
  };
}
