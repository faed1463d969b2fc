/** A post as its author types it, and as the server takes it. Pure. */

import type { ChangePost, Post, WritePost } from "../../wire/http.ts";
import { inField } from "../classes/plan.ts";

const HOUR_MS = 3_600_000;

/** What stands in the fields. */
export interface Draft {
  readonly category: WritePost["category"];
  readonly title: string;
  readonly text: string;
  readonly anonymous: boolean;
  readonly capacity: string;
  /** As a browser's field has it, by its own clock. */
  readonly meets: string;
  readonly places: readonly string[];
  readonly ways: readonly string[];
  readonly kinds: readonly string[];
}

/** An empty one: two to meet within two hours, on the hour. */
export function newDraft(now: number): Draft {
  return {
    category: "meal",
    title: "",
    text: "",
    anonymous: false,
    capacity: "2",
    meets: inField(Math.ceil((now + HOUR_MS) / HOUR_MS) * HOUR_MS),
    places: [],
    ways: [],
    kinds: [],
  };
}

export function draftOf(post: Post): Draft {
  return { ...post, capacity: String(post.capacity), meets: inField(post.meets_at) };
}

export function asPost(draft: Draft): WritePost {
  const { category, title, text, anonymous, places, ways, kinds } = draft;
  return {
    category,
    title,
    text,
    anonymous,
    capacity: Number(draft.capacity),
    meets_at: new Date(draft.meets).getTime(),
    places,
    ways: category === "meal" ? ways : [],
    kinds: category === "study" ? kinds : [],
  };
}

/** What may change later; a time that nobody touched keeps its seconds. */
export function asChange(draft: Draft, before: Post): ChangePost {
  const { title, text, capacity, meets_at, places, ways, kinds } = asPost(draft);
  const same = draft.meets === inField(before.meets_at);
  return {
    title,
    text: text ?? "",
    capacity,
    places: places ?? [],
    ways: ways ?? [],
    kinds: kinds ?? [],
    ...(same ? {} : { meets_at }),
  };
}
