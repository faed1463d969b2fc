/** How one feels, shown to everybody for a moment. */

import { useState } from "preact/hooks";
import { IconButton } from "../parts/Button.tsx";
import { words } from "./words.ts";

const NAMED = { happy: "😄", love: "😍", bad: "👎", sad: "😢", clap: "👏", wave: "👋" } as const;

export function Emoticons({ onChoice }: { readonly onChoice: (emoji: string) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton
        icon="smile"
        label={words.value.emote}
        kind="plain"
        pressed={open}
        onPress={() => setOpen(!open)}
      />
      {open && (
        <ul class="emoticons" aria-label={words.value.emote}>
          {(Object.keys(NAMED) as (keyof typeof NAMED)[]).map((name) => (
            <li key={name}>
              <button
                type="button"
                class="emoticon"
                aria-label={words.value[name]}
                title={words.value[name]}
                onClick={() => onChoice(NAMED[name])}
              >
                {NAMED[name]}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
