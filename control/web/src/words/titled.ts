import { language } from "./language.ts";

interface Titled {
  readonly title: string;
  /** In English, where nobody wrote it: of two who were matched at random. */
  readonly title_en?: string | null;
}

/** What a room or a match is called, in the language of this moment. */
export function titleOf({ title, title_en }: Titled): string {
  return (language.value === "en" ? title_en : null) ?? title;
}
