import { useEffect, useState } from "preact/hooks";
import { Button } from "../parts/Button.tsx";
import { Icon } from "../parts/Icon.tsx";
import { words } from "../words/common.ts";
import { dictionary } from "../words/dictionary.ts";
import "./offline.css";
import { reconnect, standing } from "./session.ts";

const own = dictionary(
  {
    tooMany: "마당을 너무 많은 창에서 열었어요. 몇 개를 닫고 다시 시도해 주세요.",
    ended: "서버가 연결을 끝냈어요.",
  },
  {
    tooMany: "The yard is open in too many windows. Close some, and try again.",
    ended: "The server ended the connection.",
  },
);

/** A connection that is back within this is not worth a word. */
const PATIENCE_MS = 1500;

/** Says that we are not connected, for as long as that is so. What was written meanwhile is sent by itself. */
export function Offline() {
  const now = standing.value;
  const isAway = useLasting(now.kind !== "online");
  return (
    <div role="status">
      {isAway && (
        <div class="offline">
          <Icon name="offline" />
          <p>
            <strong>{words.value.offline}</strong>{" "}
            {now.kind === "stopped" ? whyStopped(now.why.message) : words.value.offlineHint}
          </p>
          {now.kind === "stopped" && (
            <Button kind="quiet" onPress={reconnect}>
              {words.value.again}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

/** What the server's reason means to a person; its names are those of its close codes. */
function whyStopped(reason: string): string {
  if (reason === "too_many_connections") return own.value.tooMany;
  if (reason === "version") return words.value.newVersion;
  return own.value.ended;
}

/** Whether it is so, and has been for a while. */
function useLasting(isSo: boolean): boolean {
  const [lasts, setLasts] = useState(false);
  useEffect(() => {
    if (!isSo) {
      setLasts(false);
      return undefined;
    }
    const timer = setTimeout(() => setLasts(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isSo]);
  return lasts;
}
