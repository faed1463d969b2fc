import { Area } from "../../parts/Field.tsx";
import type { OnlineHours } from "../../wire/http.ts";
import { CategoryChips } from "../learn/CategoryChoice.tsx";
import { HoursField } from "./HoursField.tsx";
import { words } from "./words.ts";

/** What others read on a mentor's card. */
export interface Card {
  readonly introduction: string;
  readonly hours: readonly OnlineHours[];
  readonly categories: readonly string[];
}

interface CardFieldsProps {
  readonly card: Card;
  readonly faults: Readonly<Record<string, string>>;
  readonly onCard: (card: Card) => void;
}

/** The part of a form that a mentor's card and an application have in common. */
export function CardFields({ card, faults, onCard }: CardFieldsProps) {
  return (
    <>
      <Area
        label={words.value.introduction}
        hint={words.value.introductionHint}
        name="introduction"
        required
        maxLength={2000}
        rows={6}
        value={card.introduction}
        fault={faults["introduction"]}
        onText={(introduction) => onCard({ ...card, introduction })}
      />
      <div class="learn-several">
        <CategoryChips
          chosen={card.categories}
          onChange={(categories) => onCard({ ...card, categories: categories.slice(0, 5) })}
        />
        <p class="hint">{words.value.categoriesHint}</p>
        {faults["categories"] !== undefined && <p class="fault">{faults["categories"]}</p>}
      </div>
      <HoursField hours={card.hours} onHours={(hours) => onCard({ ...card, hours })} />
    </>
  );
}
