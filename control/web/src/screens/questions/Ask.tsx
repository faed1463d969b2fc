import { ask } from "../../app/http.ts";
import { useOnce } from "../../app/once.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { useTitle } from "../../app/title.ts";
import { Back } from "../../parts/Back.tsx";
import { QuestionForm } from "./QuestionForm.tsx";
import { words } from "./words.ts";

/** A new question. */
export default function Ask() {
  useTitle(words.value.askTitle);
  const once = useOnce();
  return (
    <div class="page">
      <Back to="/questions" />
      <h1>{words.value.askTitle}</h1>
      <QuestionForm
        place="question"
        label={words.value.ask}
        onSave={async (question) => {
          const made = await once(question, (body) => ask("POST /api/v1/questions", { body }));
          go(pathTo("/questions/:question", { question: made.id }), { instead: true });
        }}
      />
    </div>
  );
}
