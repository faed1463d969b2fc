import { ask } from "../../app/http.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { useTitle } from "../../app/title.ts";
import { Back } from "../../parts/Back.tsx";
import { QuestionForm } from "./QuestionForm.tsx";
import { words } from "./words.ts";

/** A new question. */
export default function Ask() {
  useTitle(words.value.askTitle);
  return (
    <div class="page">
      <Back to="/questions" />
      <h1>{words.value.askTitle}</h1>
      <QuestionForm
        label={words.value.ask}
        onSave={async (body) => {
          const made = await ask("POST /api/v1/questions", { body });
          go(pathTo("/questions/:question", { question: made.id }), { instead: true });
        }}
      />
    </div>
  );
}
