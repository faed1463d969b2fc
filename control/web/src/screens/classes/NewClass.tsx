import { ask } from "../../app/http.ts";
import { useOnce } from "../../app/once.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { may } from "../../app/session.ts";
import { useTitle } from "../../app/title.ts";
import { Back } from "../../parts/Back.tsx";
import { ButtonLink } from "../../parts/Button.tsx";
import { Empty } from "../../parts/States.tsx";
import { ClassForm } from "./ClassForm.tsx";
import { asClass, newPlan } from "./plan.ts";
import { words } from "./words.ts";

/** A mentor's new class, which nobody else sees yet. */
export default function NewClass() {
  useTitle(words.value.newTitle);
  return (
    <div class="page">
      <Back to="/classes" />
      <header class="page-section">
        <h1>{words.value.newTitle}</h1>
        <p class="soft">{words.value.draftHint}</p>
      </header>
      {may("class.create") ? <Form /> : <NotYet />}
    </div>
  );
}

function Form() {
  const once = useOnce();
  return (
    <ClassForm
      place="class"
      begun={newPlan(Date.now())}
      isFixed={false}
      label={words.value.makeDraft}
      onSave={async (plan) => {
        const made = await once(asClass(plan), (body) => ask("POST /api/v1/classes", { body }));
        go(pathTo("/classes/:class", { class: made.id }), { instead: true });
      }}
    />
  );
}

/** Classes are given by mentors; everybody can become one. */
function NotYet() {
  return (
    <Empty
      title={words.value.mentorsOnly}
      act={<ButtonLink href="/mentors/apply">{words.value.becomeMentor}</ButtonLink>}
    >
      {words.value.mentorsOnlyHint}
    </Empty>
  );
}
