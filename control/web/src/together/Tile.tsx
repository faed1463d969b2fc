/** Somebody in a call: their picture or their face, their name, and what they show just now. */

import { useEffect, useRef } from "preact/hooks";
import { Avatar } from "../parts/Avatar.tsx";
import { Icon } from "../parts/Icon.tsx";
import { useSpeaker } from "./choices.ts";
import type { LinkState } from "./link.ts";
import { words } from "./words.ts";

interface TileProps {
  readonly name: string;
  readonly face: { readonly nickname: string; readonly avatar: string | null } | undefined;
  /** What is seen and heard of them; one's own is not heard, and is seen as in a mirror. */
  readonly stream: MediaStream | undefined;
  readonly isOwn: boolean;
  readonly mic: boolean;
  readonly camera: boolean;
  readonly state: LinkState;
  readonly emoji: string | undefined;
}

export function Tile({ name, face, stream, isOwn, mic, camera, state, emoji }: TileProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = stream ?? null;
  }, [stream]);
  useSpeaker(video);
  const isSeen = camera && stream !== undefined && state === "connected";
  return (
    <li class={isOwn ? "tile tile-own" : "tile"}>
      <video
        ref={video}
        class={isSeen ? undefined : "tile-unseen"}
        autoplay
        playsInline
        muted={isOwn}
        aria-hidden="true"
      />
      {!isSeen && <Avatar name={face?.nickname ?? name} picture={face?.avatar ?? null} size="large" />}
      <p class="tile-name small">
        {!mic && (
          <span class="tile-mic">
            <Icon name="mic-off" size={16} />
            <span class="unseen">{words.value.isMuted}</span>
          </span>
        )}
        <span class="cut">{name}</span>
        {state !== "connected" && (
          <span class="soft cut"> · {state === "lost" ? words.value.lost : words.value.linking}</span>
        )}
      </p>
      {emoji !== undefined && (
        <span class="tile-emoji" aria-hidden="true">
          {emoji}
        </span>
      )}
    </li>
  );
}
