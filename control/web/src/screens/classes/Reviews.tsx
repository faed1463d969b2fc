import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { type Pages, usePages } from "../../app/pages.ts";
import { Button } from "../../parts/Button.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import type { Class, Review } from "../../wire/http.ts";
import { hasBegun } from "./Mine.tsx";
import { ReviewCard } from "./ReviewCard.tsx";
import { ReviewDialog } from "./ReviewDialog.tsx";
import { words } from "./words.ts";

interface ReviewsProps {
  readonly of: Class;
  readonly onChanged: () => void;
}

/** What those who went to a class think of it; who did may say so, from when it begins. */
export function Reviews({ of, onChanged }: ReviewsProps) {
  const t = words.value;
  const [asked, setAsked] = useState<"write" | "remove">();
  const path = { class_id: of.id };
  const pages: Pages<Review> = usePages(of.id, async (cursor, signal) => {
    const page = await ask("GET /api/v1/classes/{class_id}/reviews", { path, query: { cursor } }, signal);
    return { items: page.reviews, next: page.next };
  });
  const changed = () => {
    pages.reload();
    onChanged();
  };
  const mayReview = of.mine === "registered" && hasBegun(of);
  return (
    <section class="page-section" aria-labelledby="reviews">
      <header class="page-head">
        <h2 id="reviews">{t.reviews}</h2>
        {mayReview && (
          <div class="page-acts">
            <Button kind={of.my_review === null ? "primary" : "plain"} onPress={() => setAsked("write")}>
              {of.my_review === null ? t.writeReview : t.editReview}
            </Button>
            {of.my_review !== null && (
              <Button kind="quiet" onPress={() => setAsked("remove")}>
                {t.removeReview}
              </Button>
            )}
          </div>
        )}
      </header>
      <Paged pages={pages} empty={<Empty title={t.noReviews}>{t.noReviewsHint}</Empty>}>
        {(reviews) => (
          <ul class="list">
            {reviews.map((each) => (
              <li key={each.person.id}>
                <ReviewCard review={each} of={of} isBelowIt onTaken={changed} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
      {asked === "write" && <ReviewDialog of={of} onDone={changed} onClose={() => setAsked(undefined)} />}
      {asked === "remove" && (
        <Sure
          title={t.removeReviewSure}
          label={t.removeReview}
          onClose={() => setAsked(undefined)}
          onSure={async () => {
            await ask("DELETE /api/v1/classes/{class_id}/review", { path });
            changed();
          }}
        >
          {t.removeReviewHint}
        </Sure>
      )}
    </section>
  );
}
