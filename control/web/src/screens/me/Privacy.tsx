import { ask } from "../../app/http.ts";
import { update } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { Chips } from "../../parts/Chips.tsx";
import { Choice } from "../../parts/Field.tsx";
import { FaultNote } from "../../parts/States.tsx";
import type { Account, ChangeAccount } from "../../wire/http.ts";
import { words } from "./words.ts";

/** Who may know of me. Each choice holds at once. */
export function Privacy({ account }: { readonly account: Account }) {
  const task = useTask(async (change: ChangeAccount) =>
    update(await ask("PATCH /api/v1/me", { body: change })),
  );
  return (
    <section class="page-section" aria-labelledby="privacy">
      <h2 id="privacy">{words.value.privacy}</h2>
      <div class="card" aria-busy={task.busy}>
        <FaultNote fault={task.fault} />
        <Choice
          label={words.value.presence}
          value={account.presence}
          options={[
            { value: "everyone", label: words.value.everyone },
            { value: "friends", label: words.value.friendsOnly },
            { value: "nobody", label: words.value.nobody },
          ]}
          onChoice={(presence) => task.run({ presence })}
        />
        <Chips
          label={words.value.foundBy}
          options={[
            { value: "nickname", label: words.value.byNickname },
            { value: "email", label: words.value.byEmail },
            { value: "phone", label: words.value.byPhone },
          ]}
          chosen={account.found_by}
          onChange={(chosen) => task.run({ found_by: chosen as Account["found_by"] })}
        />
      </div>
    </section>
  );
}
