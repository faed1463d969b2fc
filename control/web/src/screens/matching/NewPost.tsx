import { useMemo } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useOnce } from "../../app/once.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import { useTitle } from "../../app/title.ts";
import { Back } from "../../parts/Back.tsx";
import { asPost, newDraft } from "./draft.ts";
import { PostForm } from "./PostForm.tsx";
import { words } from "./words.ts";

/** A new post. */
export default function NewPost() {
  const t = words.value;
  useTitle(t.newTitle);
  const once = useOnce();
  const begun = useMemo(() => newDraft(Date.now()), []);
  return (
    <div class="page">
      <Back to="/meet" />
      <h1>{t.newTitle}</h1>
      <PostForm
        place="post"
        begun={begun}
        isNew
        label={t.publish}
        onSave={async (draft) => {
          const made = await once(asPost(draft), (body) => ask("POST /api/v1/posts", { body }));
          go(pathTo("/meet/posts/:post", { post: made.id }), { instead: true });
        }}
      />
    </div>
  );
}
