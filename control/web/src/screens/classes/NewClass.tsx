import { ask } from "../../app/http.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { Back } from "../../parts/Back.tsx";
import { ClassForm } from "./ClassForm.tsx";
import { asClass, newPlan } from "./plan.ts";
import { words } from "./words.ts";

/** A mentor's new class, which nobody else sees yet. */
export default function NewClass() {
  return (
    <div class="page">
      <Back to="/classes" />
      <header class="page-section">
        <h1>{words.value.newTitle}</h1>
        <p class="soft">{words.value.draftHint}</p>
      </header>
      <ClassForm
        begun={newPlan(Date.now())}
        isFixed={false}
        label={words.value.makeDraft}
        onSave={async (plan) => {
          const made = await ask("POST /api/v1/classes", { body: asClass(plan) });
          go(pathTo("/classes/:class", { class: made.id }), { instead: true });
        }}
      />
    </div>
  );
}
