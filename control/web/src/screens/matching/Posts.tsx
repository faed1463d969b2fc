import { offered } from "../../app/conditions.ts";
import { useDebounced } from "../../app/debounced.ts";
import { ask } from "../../app/http.ts";
import { type Page, usePages } from "../../app/pages.ts";
import { ask as askPlace, query } from "../../app/place.ts";
import { ButtonLink } from "../../parts/Button.tsx";
import { Choice, Field } from "../../parts/Field.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import type { ListedPost } from "../../wire/http.ts";
import { MatchHead } from "./MatchHead.tsx";
import { PostRow } from "./PostRow.tsx";
import { words } from "./words.ts";

const WHICH = ["waiting", "all", "mine"] as const;
const CATEGORIES = ["meal", "study"] as const;
const ORDERS = ["newest", "soonest"] as const;
const DAYS = { today: 1, week: 7 } as const;

type When = keyof typeof DAYS;

/** Those who look for company, or those whom I am with. */
export default function Posts() {
  const t = words.value;
  const wanted = read();
  const text = wanted.text.trim();
  const sought = useDebounced(text.length < 2 ? "" : text);
  const pages = usePages(JSON.stringify({ ...wanted, text: sought }), (cursor, signal) =>
    fetchPage(wanted, sought, cursor, signal),
  );
  const toWrite = (
    <ButtonLink href="/meet/posts/new" kind="primary" icon="plus">
      {t.write}
    </ButtonLink>
  );
  return (
    <div class="page">
      <MatchHead title={t.title} acts={toWrite} />
      <Filters wanted={wanted} />
      <Paged pages={pages} empty={<Empty title={t.none}>{t.noneHint}</Empty>}>
        {(posts) => (
          <ul class="list">
            {posts.map((each) => (
              <li key={each.id}>
                <PostRow post={each} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </div>
  );
}

interface Wanted {
  readonly which: (typeof WHICH)[number];
  /** As it is typed. */
  readonly text: string;
  readonly category: (typeof CATEGORIES)[number] | undefined;
  readonly place: string;
  /** A way to eat, or a kind of study: of the category. */
  readonly topic: string;
  readonly when: When | undefined;
  readonly order: (typeof ORDERS)[number];
}

/** What the address asks for. */
function read(): Wanted {
  const said = (name: string) => query.value.get(name) ?? "";
  return {
    which: WHICH.find((each) => each === said("which")) ?? "waiting",
    text: said("text"),
    category: CATEGORIES.find((each) => each === said("category")),
    place: said("place"),
    topic: said("topic"),
    when: (["today", "week"] as const).find((each) => each === said("when")),
    order: ORDERS.find((each) => each === said("order")) ?? "newest",
  };
}

async function fetchPage(
  wanted: Wanted,
  text: string,
  cursor: string | null,
  signal: AbortSignal,
): Promise<Page<ListedPost>> {
  if (wanted.which === "mine") {
    const { posts, next } = await ask("GET /api/v1/me/posts", { query: { cursor } }, signal);
    return { items: posts, next };
  }
  const { category, place, topic, when, order, which } = wanted;
  const query = {
    text: text || null,
    category: category ?? null,
    place: place || null,
    way: category === "meal" ? topic || null : null,
    kind: category === "study" ? topic || null : null,
    open: which === "waiting",
    by: order,
    until: when === undefined ? null : endOf(when),
    cursor,
  };
  const { posts, next } = await ask("GET /api/v1/posts", { query }, signal);
  return { items: posts, next };
}

/** Midnight, so that every page of a list has the same end. */
function endOf(when: When): number {
  return new Date().setHours(24 * DAYS[when], 0, 0, 0);
}

function Filters({ wanted }: { readonly wanted: Wanted }) {
  const t = words.value;
  const { which, text, category, place, topic, when, order } = wanted;
  const topics = category === "study" ? "kinds" : "ways";
  return (
    <search class="post-filters">
      {which !== "mine" && (
        <Field
          label={t.search}
          hint={t.searchHint}
          type="search"
          name="text"
          maxLength={100}
          value={text}
          onText={(next) => askPlace({ text: next })}
        />
      )}
      <div class="learn-filters">
        <Choice
          label={t.which}
          value={which}
          options={WHICH.map((each) => ({ value: each, label: t[each] }))}
          onChoice={(next) => askPlace({ which: next })}
        />
        {which !== "mine" && (
          <>
            <Choice
              label={t.category}
              value={category ?? ""}
              options={[
                { value: "", label: t.any },
                ...CATEGORIES.map((each) => ({ value: each, label: t[each] })),
              ]}
              onChoice={(next) => askPlace({ category: next, topic: null })}
            />
            <Choice
              label={t.place}
              value={place}
              options={[{ value: "", label: t.any }, ...offered("places", [place])]}
              onChoice={(next) => askPlace({ place: next })}
            />
            {category !== undefined && (
              <Choice
                label={category === "meal" ? t.way : t.kind}
                value={topic}
                options={[{ value: "", label: t.any }, ...offered(topics, [topic])]}
                onChoice={(next) => askPlace({ topic: next })}
              />
            )}
            <Choice
              label={t.when}
              value={when ?? ""}
              options={[
                { value: "", label: t.anyDay },
                { value: "today", label: t.today },
                { value: "week", label: t.week },
              ]}
              onChoice={(next) => askPlace({ when: next })}
            />
            {when === undefined && (
              <Choice
                label={t.order}
                value={order}
                options={ORDERS.map((each) => ({ value: each, label: t[each] }))}
                onChoice={(next) => askPlace({ order: next })}
              />
            )}
          </>
        )}
      </div>
    </search>
  );
}
