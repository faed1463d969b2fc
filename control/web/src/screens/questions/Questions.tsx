import { ask } from "../../app/http.ts";
import { usePages } from "../../app/pages.ts";
import { ask as askPlace, query } from "../../app/place.ts";
import { me } from "../../app/session.ts";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Field.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import { CategoryChoice } from "../learn/CategoryChoice.tsx";
import { LearnHead } from "../learn/LearnHead.tsx";
import { QuestionRow } from "./QuestionRow.tsx";
import "./questions.css";
import { words } from "./words.ts";

const ORDERS = ["newest", "unanswered", "liked"] as const;

/** The questions of the board. */
export default function Questions() {
  const t = words.value;
  const category = query.value.get("category") ?? "";
  const tag = query.value.get("tag") ?? "";
  const order = ORDERS.find((each) => each === query.value.get("order")) ?? "newest";
  const author = query.value.get("which") === "mine" ? me.value?.id : undefined;
  const pages = usePages(JSON.stringify([order, category, tag, author]), async (cursor, signal) => {
    const wanted = { cursor, order, category: category || null, tag: tag || null, author: author ?? null };
    const page = await ask("GET /api/v1/questions", { query: wanted }, signal);
    return { items: page.questions, next: page.next };
  });
  const toAsk = (
    <ButtonLink href="/questions/new" kind="primary" icon="plus">
      {t.ask}
    </ButtonLink>
  );
  return (
    <div class="page">
      <LearnHead title={t.title} acts={toAsk} />
      <div class="learn-filters">
        <Choice
          label={t.which}
          value={author === undefined ? "" : "mine"}
          options={[
            { value: "", label: t.everybodys },
            { value: "mine", label: t.mine },
          ]}
          onChoice={(which) => askPlace({ which })}
        />
        <Choice
          label={t.order}
          value={order}
          options={ORDERS.map((each) => ({ value: each, label: t[each] }))}
          onChoice={(next) => askPlace({ order: next })}
        />
        <CategoryChoice value={category} onChoice={(next) => askPlace({ category: next })} />
      </div>
      {tag !== "" && (
        <p class="questions-tag">
          {t.withTag(tag)}
          <Button kind="quiet" icon="close" onPress={() => askPlace({ tag: null })}>
            {t.dropTag}
          </Button>
        </p>
      )}
      <Paged pages={pages} empty={<Empty title={t.none}>{t.noneHint}</Empty>}>
        {(questions) => (
          <ul class="list">
            {questions.map((each) => (
              <li key={each.id}>
                <QuestionRow question={each} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </div>
  );
}
