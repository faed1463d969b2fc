/** What somebody said: as they wrote it, with addresses to follow and names that are called. Never as markup. */

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

export interface Piece {
  readonly kind: "text" | "name" | "link";
  readonly text: string;
}

/** An address ends before what closes the sentence around it. */
const LINK = /https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]}…。、』」]/giu;

/** A text in pieces that, one behind the other, are the text. */
export function piecesOf(text: string, names: readonly string[]): Piece[] {
  const calls = [...names].sort((one, other) => other.length - one.length).map((name) => escaped(`@${name}`));
  const special = new RegExp([LINK.source, ...calls].join("|"), "giu");
  const pieces: Piece[] = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(special)) {
    if (index > at) pieces.push({ kind: "text", text: text.slice(at, index) });
    pieces.push({ kind: found.startsWith("@") ? "name" : "link", text: found });
    at = index + found.length;
  }
  if (at < text.length) pieces.push({ kind: "text", text: text.slice(at) });
  return pieces;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
