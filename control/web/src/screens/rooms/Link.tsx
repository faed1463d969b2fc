import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { go } from "../../app/place.ts";
import { pathTo } from "../../app/routes.ts";
import type { ScreenProps } from "../../app/screens.ts";
import { useTask } from "../../app/task.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Button } from "../../parts/Button.tsx";
import { Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import { words } from "./words.ts";
import { useTitle } from "../../app/title.ts";

/** Where a link leads: the room, before one goes in. */
export default function Link({ params }: ScreenProps) {
  useTitle(words.value.linkTitle);
  const code = params["code"] ?? "";
  const { state, reload } = useLoaded(code, (signal) =>
    ask("GET /api/v1/links/{code}", { path: { code } }, signal),
  );
  const task = useTask(async () => {
    const room = await ask("POST /api/v1/links/{code}/join", { path: { code } });
    go(pathTo("/rooms/:room", { room: room.id }), { instead: true });
  });
  return (
    <div class="page">
      <h1>{words.value.linkTitle}</h1>
      {state.kind === "loading" && <Skeleton rows={1} />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <section class="card">
          <FaultNote fault={task.fault} />
          <div class="row">
            <Avatar name={state.value.title} picture={state.value.image} link={code} size="large" />
            <div class="row-text">
              <h2>{state.value.title}</h2>
              <p class="soft">{state.value.description}</p>
              <p class="small soft figures">
                {words.value.members(state.value.member_count, state.value.capacity)}
              </p>
            </div>
          </div>
          <Button kind="primary" wide busy={task.busy} onPress={() => task.run()}>
            {words.value.join}
          </Button>
        </section>
      )}
    </div>
  );
}
