import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { useTitle } from "../../app/title.ts";
import { Back } from "../../parts/Back.tsx";
import { Failed, Skeleton } from "../../parts/States.tsx";
import { words as common } from "../../words/common.ts";
import { asChange, draftOf } from "./draft.ts";
import { PostForm } from "./PostForm.tsx";
import { words } from "./words.ts";

/** A post of mine, to be said better. */
export default function EditPost({ params }: ScreenProps) {
  const path = { post: params["post"] ?? "" };
  const to = pathTo("/meet/posts/:post", path);
  const { state, reload } = useLoaded(path.post, (signal) =>
    ask("GET /api/v1/posts/{post}", { path }, signal),
  );
  useTitle(words.value.editTitle);
  return (
    <div class="page">
      <Back to={to} />
      <h1>{words.value.editTitle}</h1>
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <PostForm
          place={`post ${path.post}`}
          begun={draftOf(state.value)}
          isNew={false}
          label={common.value.save}
          onSave={async (draft) => {
            await ask("PATCH /api/v1/posts/{post}", { path, body: asChange(draft, state.value) });
            go(to, { instead: true });
          }}
        />
      )}
    </div>
  );
}
