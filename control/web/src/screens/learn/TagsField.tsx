import { Field } from "../../parts/Field.tsx";
import { words } from "./words.ts";

const MOST = 5;

interface TagsFieldProps {
  /** As they are typed. */
  readonly value: string;
  /** What is wrong with a form, by field. */
  readonly faults: Readonly<Record<string, string>>;
  readonly onText: (value: string) => void;
}

/** Words by which something is found. */
export function TagsField({ value, faults, onText }: TagsFieldProps) {
  const t = words.value;
  const fault = Object.entries(faults).find(([name]) => name.startsWith("tags"))?.[1];
  return (
    <Field
      label={t.tags}
      hint={t.tagsHint}
      name="tags"
      autoComplete="off"
      value={value}
      fault={tagsIn(value).length > MOST ? t.tagsMany : fault}
      onText={onText}
    />
  );
}

/** The tags that were typed: with commas between them, and often a # before each. */
export function tagsIn(value: string): string[] {
  return value
    .split(/[,\n]/)
    .map((tag) => tag.trim().replace(/^#/, ""))
    .filter((tag) => tag !== "");
}

/** These tags as they would be typed. */
export function asTyped(tags: readonly string[]): string {
  return tags.join(", ");
}
