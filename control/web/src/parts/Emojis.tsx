/** Any emoji: those that come to mind first, the others at a press, by what they are of. */

import { useState } from "preact/hooks";
import { dictionary } from "../words/dictionary.ts";
import { ALL } from "./emojis.ts";
import "./emojis.css";
import { Icon } from "./Icon.tsx";

const words = dictionary(
  {
    more: "이모지 더 보기",
    faces: "얼굴",
    hands: "손과 사람",
    hearts: "마음",
    nature: "동물과 자연",
    food: "먹을 것",
    things: "물건과 놀이",
    signs: "기호",
  },
  {
    more: "More emoji",
    faces: "Faces",
    hands: "Hands and people",
    hearts: "Hearts",
    nature: "Animals and nature",
    food: "Food",
    things: "Things and games",
    signs: "Signs",
  },
);

interface EmojisProps {
  /** Those that are there at once, and how each is called, where it is not by itself. */
  readonly first: readonly { readonly emoji: string; readonly label: string }[];
  /** How it is called to press any other. */
  readonly labelOf: (emoji: string) => string;
  /** Those that are chosen already. */
  readonly chosen?: ReadonlySet<string>;
  readonly onChoice: (emoji: string) => void;
}

export function Emojis({ first, labelOf, chosen, onChoice }: EmojisProps) {
  const [isOpen, setOpen] = useState(false);
  const one = (emoji: string, label: string) => (
    <button
      key={emoji}
      type="button"
      class="emoji"
      aria-label={label}
      title={label}
      aria-pressed={chosen?.has(emoji)}
      onClick={() => onChoice(emoji)}
    >
      {emoji}
    </button>
  );
  return (
    <div class="emojis">
      <div class="emojis-row">
        {first.map(({ emoji, label }) => one(emoji, label))}
        <button
          type="button"
          class="emoji"
          aria-label={words.value.more}
          title={words.value.more}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="more" />
        </button>
      </div>
      {isOpen && (
        <div class="emojis-all">
          {ALL.map(([kind, emojis]) => (
            <section key={kind} aria-label={words.value[kind]}>
              <h3 class="small soft">{words.value[kind]}</h3>
              <div class="emojis-row">{emojis.map((emoji) => one(emoji, labelOf(emoji)))}</div>
            </section>
          ))}
        </div>
      )}
    </div>
  );
}
