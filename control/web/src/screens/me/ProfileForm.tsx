import { useState } from "preact/hooks";
import { categories, nameOfCategory } from "../../app/categories.ts";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { me, update } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { Chips } from "../../parts/Chips.tsx";
import { Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { Failed, Skeleton } from "../../parts/States.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { Profile } from "../../wire/http.ts";
import { words as common } from "../../words/common.ts";
import { Face, Wall } from "./Face.tsx";
import { words } from "./words.ts";

/** How others see me. */
export function ProfileForm({ user }: { readonly user: string }) {
  const { state, reload } = useLoaded(user, (signal) =>
    ask("GET /api/v1/people/{person}", { path: { person: user } }, signal),
  );
  return (
    <section class="page-section" aria-labelledby="profile">
      <div>
        <h2 id="profile">{words.value.profile}</h2>
        <p class="small soft">{words.value.profileHint}</p>
      </div>
      {state.kind === "loading" && <Skeleton rows={2} />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && <Fields profile={state.value} />}
    </section>
  );
}

function Fields({ profile }: { readonly profile: Profile }) {
  const [nickname, setNickname] = useState(profile.nickname);
  const [status, setStatus] = useState(profile.status);
  const [interests, setInterests] = useState(profile.interests);
  const task = useTask(async () => {
    const now = await ask("PATCH /api/v1/me/profile", { body: { nickname, status, interests } });
    const account = me.peek();
    if (account !== undefined) update({ ...account, nickname: now.nickname, interests: now.interests });
    say(words.value.saved);
  });
  const { code, text, fields } = said(task.fault);
  return (
    <Form task={task} act={common.value.save} kind="card">
      <Face profile={profile} />
      <Wall profile={profile} />
      <Field
        label={words.value.nickname}
        name="nickname"
        autoComplete="nickname"
        required
        minLength={2}
        maxLength={20}
        value={nickname}
        fault={code === "nickname_taken" ? text : fields["nickname"]}
        onText={setNickname}
      />
      <Field
        label={words.value.status}
        hint={words.value.statusHint}
        name="status"
        autoComplete="off"
        maxLength={100}
        value={status}
        fault={fields["status"]}
        onText={setStatus}
      />
      <Chips
        label={words.value.interests}
        options={categories.value
          .filter((each) => !each.retired || interests.includes(each.key))
          .map((each) => ({ value: each.key, label: nameOfCategory(each) }))}
        chosen={interests}
        onChange={setInterests}
      />
    </Form>
  );
}
