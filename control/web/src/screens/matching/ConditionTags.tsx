import { nameOfCondition } from "../../app/conditions.ts";
import type { Agreed } from "../../wire/http.ts";

/** Conditions, as tags. */
export function ConditionTags({ of }: { readonly of: Agreed }) {
  const lists = ["places", "ways", "kinds"] as const;
  return (
    <>
      {lists.flatMap((list) =>
        of[list].map((key) => (
          <span key={`${list} ${key}`} class="tag">
            {nameOfCondition(list, key)}
          </span>
        )),
      )}
    </>
  );
}
