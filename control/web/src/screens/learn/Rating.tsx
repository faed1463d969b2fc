import { Icon } from "../../parts/Icon.tsx";
import { language } from "../../words/language.ts";
import { count } from "../../words/times.ts";
import { words } from "./words.ts";

interface RatingProps {
  /** Null without reviews. */
  readonly rating: number | null;
  readonly reviews: number;
}

/** How many stars, of how many reviews. */
export function Rating({ rating, reviews }: RatingProps) {
  if (rating === null) return <span class="rating soft">{words.value.noRating}</span>;
  const stars = oneDecimal(rating);
  return (
    <span class="rating figures">
      <Icon name="star" size={14} />
      <span aria-hidden="true">
        {stars} ({count(reviews)})
      </span>
      <span class="unseen">{words.value.rating(stars, count(reviews))}</span>
    </span>
  );
}

/** 4.3 */
export function oneDecimal(number: number): string {
  const wanted = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  return new Intl.NumberFormat(language.value, wanted).format(number);
}
