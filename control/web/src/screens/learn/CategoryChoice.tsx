import { categories, nameOfCategory } from "../../app/categories.ts";
import { Chips } from "../../parts/Chips.tsx";
import { Choice } from "../../parts/Field.tsx";
import { words } from "./words.ts";

interface CategoryChoiceProps {
  /** Empty: none in particular. */
  readonly value: string;
  readonly onChoice: (category: string) => void;
  /** What none in particular is called. */
  readonly none?: string;
  readonly fault?: string | undefined;
}

/** One category, or none. */
export function CategoryChoice({ value, onChoice, none = words.value.all, fault }: CategoryChoiceProps) {
  return (
    <Choice
      label={words.value.category}
      value={value}
      fault={fault}
      options={[{ value: "", label: none }, ...offered([value])]}
      onChoice={onChoice}
    />
  );
}

interface CategoryChipsProps {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Several categories. */
export function CategoryChips({ chosen, onChange }: CategoryChipsProps) {
  return <Chips label={words.value.category} options={offered(chosen)} chosen={chosen} onChange={onChange} />;
}

/** Those that are not retired, and those that are chosen already. */
function offered(chosen: readonly string[]) {
  return categories.value
    .filter((each) => !each.retired || chosen.includes(each.key))
    .map((each) => ({ value: each.key, label: nameOfCategory(each) }));
}

/** Categories, as tags beside something. */
export function CategoryTags({ of }: { readonly of: readonly string[] }) {
  return (
    <>
      {of.map((each) => (
        <span key={each} class="tag">
          {nameOfCategory(each)}
        </span>
      ))}
    </>
  );
}
