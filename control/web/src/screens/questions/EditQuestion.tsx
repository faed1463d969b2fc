import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { useTitle } from "../../app/title.ts";
import { Back } from "../../parts/Back.tsx";
import { Failed, Skeleton } from "../../parts/States.tsx";
import { words as common } from "../../words/common.ts";
import { QuestionForm } from "./QuestionForm.tsx";
import { words } from "./words.ts";

/** A question of one's own, to be said better. */
export default function EditQuestion({ params }: ScreenProps) {
  useTitle(words.value.editTitle);
  const path = { question: params["question"] ?? "" };
  const to = pathTo("/questions/:question", path);
  const { state, reload } = useLoaded(path.question, (signal) =>
    ask("GET /api/v1/questions/{question}", { path, query: { limit: 1 } }, signal),
  );
  return (
    <div class="page">
      <Back to={to} />
      <h1>{words.value.editTitle}</h1>
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <QuestionForm
          place={`question ${path.question}`}
          begun={state.value.question}
          label={common.value.save}
          onSave={async (body) => {
            await ask("PATCH /api/v1/questions/{question}", { path, body });
            go(to, { instead: true });
          }}
        />
      )}
    </div>
  );
}
