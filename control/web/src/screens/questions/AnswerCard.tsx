import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { may, me } from "../../app/session.ts";
import { Button } from "../../parts/Button.tsx";
import { Prose } from "../../parts/Prose.tsx";
import { Sure } from "../../parts/Sure.tsx";
import type { Answer } from "../../wire/http.ts";
import { words as common } from "../../words/common.ts";
import { Pictures } from "../learn/Pictures.tsx";
import { Acts } from "./Acts.tsx";
import { Byline } from "./Byline.tsx";
import { Comments } from "./Comments.tsx";
import { Folded } from "./Folded.tsx";
import { Like } from "./Like.tsx";
import { words } from "./words.ts";
import { Writing } from "./Writing.tsx";

interface AnswerCardProps {
  readonly answer: Answer;
  /** I asked, and may still choose. */
  readonly mayChoose: boolean;
  readonly onChosen: () => void;
  readonly onChanged: (now: Answer) => void;
  readonly onRemoved: () => void;
}

/** An answer, and what can be done about it. */
export function AnswerCard({ answer, mayChoose, onChosen, onChanged, onRemoved }: AnswerCardProps) {
  const t = words.value;
  const [isEdited, setIsEdited] = useState(false);
  const isMine = answer.author.id === me.value?.id;
  const path = { answer: answer.id };
  return (
    <article class={answer.best ? "card said answer-best" : "card said"}>
      {answer.best && <h3>{t.best}</h3>}
      <Folded folded={answer.folded}>
        <Byline author={answer.author} at={answer.answered_at} editedAt={answer.edited_at} />
        {isEdited ? (
          <Writing
            place={`answer ${answer.id}`}
            label={t.yourAnswer}
            hint={t.answerHint}
            most={10_000}
            begun={answer}
            withPictures
            act={common.value.save}
            onCancel={() => setIsEdited(false)}
            onSend={async (body) => {
              onChanged(await ask("PATCH /api/v1/answers/{answer}", { path, body }));
              setIsEdited(false);
            }}
          />
        ) : (
          <>
            <Prose text={answer.text} />
            <Pictures ids={answer.pictures} />
          </>
        )}
        <Acts
          isMine={isMine}
          isModerator={may("board.moderate")}
          onEdit={() => setIsEdited(true)}
          onRemove={async () => {
            await ask("DELETE /api/v1/answers/{answer}", { path });
            onRemoved();
          }}
          onReport={(body) =>
            ask("POST /api/v1/answers/{answer}/reports", { path, body }).then(() => undefined)
          }
        >
          <Like
            likes={answer.likes}
            liked={answer.liked}
            isMine={isMine}
            onLike={(on) =>
              ask(on ? "PUT /api/v1/answers/{answer}/like" : "DELETE /api/v1/answers/{answer}/like", { path })
            }
          />
          {mayChoose && !isMine && <Choose answer={answer} onChosen={onChosen} />}
        </Acts>
        <Comments of={path} counted={answer.comments} />
      </Folded>
    </article>
  );
}

function Choose({ answer, onChosen }: { readonly answer: Answer; readonly onChosen: () => void }) {
  const t = words.value;
  const [asked, setAsked] = useState(false);
  return (
    <>
      <Button icon="check" onPress={() => setAsked(true)}>
        {t.choose}
      </Button>
      {asked && (
        <Sure
          title={t.chooseSure}
          label={t.choose}
          onClose={() => setAsked(false)}
          onSure={async () => {
            const path = { question: answer.question };
            await ask("PUT /api/v1/questions/{question}/best", { path, body: { answer: answer.id } });
            onChosen();
          }}
        >
          {t.chooseHint}
        </Sure>
      )}
    </>
  );
}
