import { nameOfCategory } from "../../app/categories.ts";
import { pathTo } from "../../app/routes.ts";
import type { ListedQuestion } from "../../wire/http.ts";
import { ago, count } from "../../words/times.ts";
import "../learn/learn.css";
import { words } from "./words.ts";

/** A question of a list, and the way to its page. What somebody whom I blocked wrote is not shown before it is opened. */
export function QuestionRow({ question }: { readonly question: ListedQuestion }) {
  const t = words.value;
  const { author, folded, best, answers, likes } = question;
  return (
    <a class="row learn-row" href={pathTo("/questions/:question", { question: question.id })}>
      <span class="row-text">
        <span class={folded ? "soft" : "row-title"}>{folded ? t.folded : question.title}</span>
        {!folded && question.excerpt !== "" && <span class="small soft cut">{question.excerpt}</span>}
        <span class="learn-beside figures">
          {best !== null && <span class="tag tag-solved">{t.solved}</span>}
          <span>{t.answers(count(answers))}</span>
          {likes > 0 && <span>{t.likes(count(likes))}</span>}
          <span>
            {author.nickname} · {ago(question.asked_at)}
          </span>
        </span>
        {!folded && (
          <span class="tags">
            {question.category !== null && <span class="tag">{nameOfCategory(question.category)}</span>}
            {question.tags.map((tag) => (
              <span key={tag} class="tag">
                {t.tag(tag)}
              </span>
            ))}
          </span>
        )}
      </span>
    </a>
  );
}
