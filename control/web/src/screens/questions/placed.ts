import type { Comment } from "../../wire/http.ts";

/** A new comment where it belongs: behind its parent and all replies there are to that, or at the end. */
export function placed(comments: readonly Comment[], made: Comment): readonly Comment[] {
  const parent = comments.findIndex((each) => each.id === made.parent);
  if (parent === -1) return [...comments, made];
  const depth = comments[parent]?.depth ?? 0;
  const behind = comments.findIndex((each, at) => at > parent && each.depth <= depth);
  const at = behind === -1 ? comments.length : behind;
  return [...comments.slice(0, at), made, ...comments.slice(at)];
}
