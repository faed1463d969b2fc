import type { PostPerson } from "../../wire/http.ts";
import { words } from "./words.ts";

/** What somebody at a post is called: by name, or by their mark where it is anonymous. */
export function nameAt({ mark, me, person }: PostPerson): string {
  const t = words.value;
  if (person !== null) return person.nickname;
  if (me) return t.me;
  return mark === 0 ? `${t.anonymous} (${t.author})` : t.person(mark);
}
