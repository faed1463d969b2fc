import "./avatar.css";
import { hueOf, initialOf } from "./initials.ts";

interface AvatarProps {
  readonly name: string;
  /** The id of an upload. */
  readonly picture?: string | null | undefined;
  readonly size?: "small" | "usual" | "large";
  /** Whether they are here, where that is to be shown. */
  readonly state?: "online" | "away" | "offline" | null;
}

/** Somebody's picture, or the first letter of their name. The name itself stands beside it, so this is not read aloud. */
export function Avatar({ name, picture = null, size = "usual", state = null }: AvatarProps) {
  const here = state === "online" || state === "away";
  return (
    <span class={`avatar avatar-${size} avatar-${hueOf(name)}`} aria-hidden="true">
      {picture === null ? (
        initialOf(name)
      ) : (
        <img src={`/api/v1/uploads/${picture}/content?size=thumbnail`} alt="" loading="lazy" />
      )}
      {here && <span class={`here here-${state}`} />}
    </span>
  );
}
