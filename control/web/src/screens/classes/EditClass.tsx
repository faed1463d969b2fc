import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { useTitle } from "../../app/title.ts";
import { Back } from "../../parts/Back.tsx";
import { Failed, Skeleton } from "../../parts/States.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { Class } from "../../wire/http.ts";
import { ClassForm } from "./ClassForm.tsx";
import { changes, planOf } from "./plan.ts";
import { words } from "./words.ts";

/** A class of one's own, to be changed. */
export default function EditClass({ params }: ScreenProps) {
  useTitle(words.value.editTitle);
  const class_id = params["class"] ?? "";
  const to = pathTo("/classes/:class", { class: class_id });
  const { state, reload } = useLoaded(class_id, (signal) =>
    ask("GET /api/v1/classes/{class_id}", { path: { class_id } }, signal),
  );
  return (
    <div class="page">
      <Back to={to} />
      <h1>{words.value.editTitle}</h1>
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <ClassForm
          place={`class ${class_id} ${isFixed(state.value) ? "fixed" : "draft"}`}
          begun={planOf(state.value)}
          isFixed={isFixed(state.value)}
          label={words.value.edit}
          onSave={async (plan) => {
            const body = changes(state.value, plan);
            await ask("PATCH /api/v1/classes/{class_id}", { path: { class_id }, body });
            say(words.value.saved);
            go(to, { instead: true });
          }}
        />
      )}
    </div>
  );
}

/** It is open: not all of it can be changed any more. */
function isFixed({ state }: Class): boolean {
  return state !== "draft";
}
