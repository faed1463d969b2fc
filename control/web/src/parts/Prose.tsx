import { piecesOf } from "./pieces.ts";
import "./prose.css";

/** What somebody wrote at length: with its lines, and addresses to follow. Never as markup. */
export function Prose({ text }: { readonly text: string }) {
  return (
    <p class="prose">
      {piecesOf(text, []).map((piece, i) =>
        piece.kind === "link" ? (
          <a key={i} href={piece.text} target="_blank" rel="noopener noreferrer nofollow">
            {piece.text}
          </a>
        ) : (
          piece.text
        ),
      )}
    </p>
  );
}
