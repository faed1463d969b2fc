/** A text in pieces: addresses to follow, names that are called, and what is between them. Pure. */

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
