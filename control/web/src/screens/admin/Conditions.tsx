/** What people can wish for who look for company: places, ways of eating, kinds of study. */

import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { Failed, Skeleton } from "../../parts/States.tsx";
import { AdminPage } from "./AdminPage.tsx";
import { Words } from "./Words.tsx";
import { words } from "./words.ts";

const LISTS = ["places", "ways", "kinds"] as const;

export default function Conditions() {
  const { state, reload, set } = useLoaded("conditions", (signal) =>
    ask("GET /api/v1/conditions", {}, signal),
  );
  return (
    <AdminPage part="conditions">
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" &&
        LISTS.map((of) => (
          <Words
            key={of}
            label={words.value[of === "kinds" ? "kindsOf" : of]}
            list={state.value[of]}
            onPut={async (key, body) => {
              const lists = await ask("PUT /api/v1/admin/conditions/{of}/{key}", { path: { of, key }, body });
              set(() => lists);
            }}
            onRetire={async (key) => {
              const lists = await ask("DELETE /api/v1/admin/conditions/{of}/{key}", { path: { of, key } });
              set(() => lists);
            }}
          />
        ))}
    </AdminPage>
  );
}
