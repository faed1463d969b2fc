/** What somebody said: as they wrote it, with addresses to follow and names that are called. Never as markup. */

import { piecesOf } from "../../parts/pieces.ts";
import type { RoomModel } from "../../room/model.ts";
import { words } from "./words.ts";

interface TextProps {
  readonly text: string;
  readonly mentions: readonly string[];
  readonly model: RoomModel;
}

export function Text({ text, mentions, model }: TextProps) {
  const names = mentions.map((id) => model.people.person(id)?.nickname).filter((name) => name !== undefined);
  return (
    <p class="say-text">
      {piecesOf(text, [...names, words.value.everybody]).map((piece, i) => {
        if (piece.kind === "text") return piece.text;
        if (piece.kind === "name") return <b key={i}>{piece.text}</b>;
        return (
          <a key={i} href={piece.text} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        );
      })}
    </p>
  );
}
