import { useEffect, useState } from "preact/hooks";
import { Icon } from "../parts/Icon.tsx";
import { words } from "../words/common.ts";
import "./offline.css";
import { standing } from "./session.ts";

/** A connection that is back within this is not worth a word. */
const PATIENCE_MS = 1500;

/** Says that we are not connected, for as long as that is so. What was written meanwhile is sent by itself. */
export function Offline() {
  const isAway = standing.value.kind !== "online";
  const [told, setTold] = useState(false);
  useEffect(() => {
    if (!isAway) {
      setTold(false);
      return undefined;
    }
    const timer = setTimeout(() => setTold(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isAway]);
  return (
    <div role="status">
      {told && (
        <p class="offline">
          <Icon name="offline" />
          <span>
            <strong>{words.value.offline}</strong> {words.value.offlineHint}
          </span>
        </p>
      )}
    </div>
  );
}
