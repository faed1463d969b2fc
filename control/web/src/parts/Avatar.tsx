import "./avatar.css";
import { useState } from "preact/hooks";
import { hueOf, initialOf } from "./initials.ts";

interface AvatarProps {
  readonly name: string;
  /** The id of an upload. */
  readonly picture?: string | null | undefined;
  /** The link by which one came to see it. */
  readonly link?: string;
  readonly size?: "small" | "usual" | "large";
  /** Whether they are here, where that is to be shown. */
  readonly state?: "online" | "away" | "offline" | null;
}

/**
 * Somebody's picture, or the first letter of their name: also where the picture is not for me, or not to be had now. The name
 * itself stands beside it, so this is not read aloud.
 */
export function Avatar({ name, picture = null, link, size = "usual", state = null }: AvatarProps) {
  const [missing, setMissing] = useState<string | null>(null);
  const here = state === "online" || state === "away";
  return (
    <span class={`avatar avatar-${size} avatar-${hueOf(name)}`} aria-hidden="true">
      {picture === null || picture === missing ? (
        initialOf(name)
      ) : (
        <img
          src={`/api/v1/uploads/${picture}/content?size=thumbnail${link === undefined ? "" : `&link=${link}`}`}
          alt=""
          loading="lazy"
          onError={() => setMissing(picture)}
        />
      )}
      {here && <span class={`here here-${state}`} />}
    </span>
  );
}
