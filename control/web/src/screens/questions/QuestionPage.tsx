import { useState } from "preact/hooks";
import { nameOfCategory } from "../../app/categories.ts";
import { ask } from "../../app/http.ts";
import { useOnce } from "../../app/once.ts";
import { useNews } from "../../app/news.ts";
import { type Pages, usePages } from "../../app/pages.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { may, me } from "../../app/session.ts";
import { useTitle } from "../../app/title.ts";
import { Back } from "../../parts/Back.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Prose } from "../../parts/Prose.tsx";
import { Empty } from "../../parts/States.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { Answer, Question } from "../../wire/http.ts";
import { count } from "../../words/times.ts";
import "../learn/learn.css";
import { Pictures } from "../learn/Pictures.tsx";
import { Acts } from "./Acts.tsx";
import { AnswerCard } from "./AnswerCard.tsx";
import { Byline } from "./Byline.tsx";
import { Comments } from "./Comments.tsx";
import { Folded } from "./Folded.tsx";
import { Like } from "./Like.tsx";
import "./questions.css";
import { words } from "./words.ts";
import { Writing } from "./Writing.tsx";

/** A question with its answers, the best one first. */
export default function QuestionPage({ params }: ScreenProps) {
  const id = params["question"] ?? "";
  const { question, answers } = useQuestion(id);
  const { reload } = answers;
  useNews((news) => news.type === "personal.board" && news.question === id, reload);
  useTitle(question === undefined || question.folded ? words.value.title : question.title);
  return (
    <div class="page">
      <Back to="/questions" />
      {question === undefined && <h1 class="unseen">{words.value.title}</h1>}
      {question !== undefined && <Asked key={question.id} question={question} />}
      {question !== undefined && <h2>{words.value.answersTitle(count(question.answers))}</h2>}
      <Paged pages={answers} empty={<Empty title={words.value.noAnswers}>{words.value.noAnswersHint}</Empty>}>
        {(all) => <Answers question={question} all={all} pages={answers} />}
      </Paged>
      {question !== undefined && <YourAnswer question={question} onAnswered={reload} />}
    </div>
  );
}

/** The question comes with the first page of its answers; the best one stands before the others. */
function useQuestion(id: string): {
  readonly question: Question | undefined;
  readonly answers: Pages<Answer>;
} {
  const [question, setQuestion] = useState<Question>();
  const answers = usePages<Answer>(id, async (cursor, signal) => {
    const path = { question: id };
    if (cursor !== null) {
      const page = await ask("GET /api/v1/questions/{question}/answers", { path, query: { cursor } }, signal);
      return { items: page.answers, next: page.next };
    }
    const page = await ask("GET /api/v1/questions/{question}", { path }, signal);
    setQuestion(page.question);
    return { items: page.best === null ? page.answers : [page.best, ...page.answers], next: page.next };
  });
  return { question: question?.id === id ? question : undefined, answers };
}

function Asked({ question }: { readonly question: Question }) {
  const t = words.value;
  const isMine = question.author.id === me.value?.id;
  const path = { question: question.id };
  return (
    <article class="said">
      <Folded folded={question.folded}>
        <h1>{question.title}</h1>
        <Byline author={question.author} at={question.asked_at} editedAt={question.edited_at} />
        <Prose text={question.text} />
        <Pictures ids={question.pictures} />
        <p class="tags">
          {question.category !== null && <span class="tag">{nameOfCategory(question.category)}</span>}
          {question.tags.map((tag) => (
            <a key={tag} class="tag" href={`/questions?tag=${encodeURIComponent(tag)}`}>
              {t.tag(tag)}
            </a>
          ))}
        </p>
        <Acts
          isMine={isMine}
          isModerator={may("board.moderate")}
          onEdit={() => go(pathTo("/questions/:question/edit", path))}
          onRemove={async () => {
            await ask("DELETE /api/v1/questions/{question}", { path });
            say(t.removed);
            go("/questions", { instead: true });
          }}
          onReport={(body) =>
            ask("POST /api/v1/questions/{question}/reports", { path, body }).then(() => undefined)
          }
        >
          <Like
            likes={question.likes}
            liked={question.liked}
            isMine={isMine}
            onLike={(on) =>
              ask(on ? "PUT /api/v1/questions/{question}/like" : "DELETE /api/v1/questions/{question}/like", {
                path,
              })
            }
          />
        </Acts>
        <Comments of={path} counted={question.comments} />
      </Folded>
    </article>
  );
}

interface AnswersProps {
  readonly question: Question | undefined;
  readonly all: readonly Answer[];
  readonly pages: Pages<Answer>;
}

function Answers({ question, all, pages }: AnswersProps) {
  const mayChoose = question !== undefined && question.best === null && question.author.id === me.value?.id;
  return (
    <ul class="page-section">
      {all.map((each) => (
        <li key={each.id}>
          <AnswerCard
            answer={each}
            mayChoose={mayChoose}
            onChosen={() => {
              say(words.value.chosen);
              pages.reload();
            }}
            onChanged={(now) =>
              pages.set((before) => before.map((other) => (other.id === now.id ? now : other)))
            }
            onRemoved={() => {
              say(words.value.removed);
              pages.reload();
            }}
          />
        </li>
      ))}
    </ul>
  );
}

interface YourAnswerProps {
  readonly question: Question;
  readonly onAnswered: () => void;
}

function YourAnswer({ question, onAnswered }: YourAnswerProps) {
  const t = words.value;
  const once = useOnce();
  return (
    <section class="card">
      <Writing
        place={`answer-to ${question.id}`}
        label={t.yourAnswer}
        hint={t.answerHint}
        most={10_000}
        withPictures
        act={t.send}
        onSend={async (answer) => {
          const path = { question: question.id };
          await once(answer, (body) => ask("POST /api/v1/questions/{question}/answers", { path, body }));
          say(t.answered);
          onAnswered();
        }}
      />
    </section>
  );
}
