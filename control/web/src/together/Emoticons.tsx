/** How one feels, shown to everybody for a moment. */

import { useState } from "preact/hooks";
import { IconButton } from "../parts/Button.tsx";
import { Emojis } from "../parts/Emojis.tsx";
import { words } from "./words.ts";

const NAMED = { happy: "😄", love: "😍", bad: "👎", sad: "😢", clap: "👏", wave: "👋" } as const;

export function Emoticons({ onChoice }: { readonly onChoice: (emoji: string) => void }) {
  const [open, setOpen] = useState(false);
  const names = Object.keys(NAMED) as (keyof typeof NAMED)[];
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
        <section class="emoticons" aria-label={words.value.emote}>
          <Emojis
            first={names.map((name) => ({ emoji: NAMED[name], label: words.value[name] }))}
            labelOf={(emoji) => emoji}
            onChoice={onChoice}
          />
        </section>
      )}
    </>
  );
}
