import { useEffect, useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { Button } from "../../parts/Button.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { Likes } from "../../wire/http.ts";
import { count } from "../../words/times.ts";
import { words } from "./words.ts";

interface LikeProps extends Likes {
  /** What I wrote myself is not mine to like. */
  readonly isMine: boolean;
  readonly onLike: (on: boolean) => Promise<Likes>;
}

/** How many like something, and whether I do: shown at once as it will be, and as it was when that is refused. */
export function Like({ likes, liked, isMine, onLike }: LikeProps) {
  const [known, setKnown] = useState<Likes>({ likes, liked });
  useEffect(() => setKnown({ likes, liked }), [likes, liked]);
  const [isUnderWay, setIsUnderWay] = useState(false);
  const turn = async () => {
    if (isUnderWay) return;
    const on = !known.liked;
    setIsUnderWay(true);
    setKnown({ liked: on, likes: known.likes + (on ? 1 : -1) });
    try {
      setKnown(await onLike(on));
    } catch (fault) {
      setKnown(known);
      say(said(fault).text);
    } finally {
      setIsUnderWay(false);
    }
  };
  if (isMine) return <span class="small soft figures">{words.value.likes(count(known.likes))}</span>;
  return (
    <span class="like">
      <Button kind="quiet" icon="star" pressed={known.liked} onPress={() => void turn()}>
        <span class="figures">{words.value.likes(count(known.likes))}</span>
      </Button>
    </span>
  );
}
