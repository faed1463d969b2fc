import { ask } from "../../app/http.ts";
import { useNews } from "../../app/news.ts";
import { usePages } from "../../app/pages.ts";
import { pathTo } from "../../app/routes.ts";
import { Empty } from "../../parts/States.tsx";
import { Icon } from "../../parts/Icon.tsx";
import { Paged } from "../../parts/Paged.tsx";
import type { Notice } from "../../wire/http.ts";
import { language } from "../../words/language.ts";
import { day } from "../../words/times.ts";
import { words } from "./words.ts";

/** What admins have to say, what is pinned first. */
export function Notices() {
  const pages = usePages("notices", async (cursor, signal) => {
    const page = await ask("GET /api/v1/notices", { query: { cursor, limit: 10 } }, signal);
    return { items: page.notices, next: page.next };
  });
  const { reload } = pages;
  useNews(({ type }) => type === "notice", reload);
  return (
    <section class="page-section" aria-labelledby="notices">
      <h2 id="notices">{words.value.notices}</h2>
      <Paged pages={pages} empty={<Empty title={words.value.noNotices}>{words.value.noNoticesHint}</Empty>}>
        {(notices) => (
          <ul class="list">
            {notices.map((each) => (
              <li key={each.id}>
                <Row notice={each} />
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </section>
  );
}

function Row({ notice }: { readonly notice: Notice }) {
  const { title, text } = notice[language.value];
  return (
    <a class="notice" href={pathTo("/notices/:notice", { notice: notice.id })}>
      <span class="notice-head">
        {notice.pinned && (
          <span class="tag">
            <Icon name="pin" size={14} />
            {words.value.pinned}
          </span>
        )}
        <span class="row-title">{title}</span>
      </span>
      <span class="notice-text">{text}</span>
      <time class="small soft" dateTime={new Date(notice.published_at).toISOString()}>
        {day(notice.published_at)}
      </time>
    </a>
  );
}
