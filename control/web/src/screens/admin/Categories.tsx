/** What people do together: the categories that everything here is sorted by. */

import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { Failed, Skeleton } from "../../parts/States.tsx";
import { AdminPage } from "./AdminPage.tsx";
import { Words } from "./Words.tsx";
import { words } from "./words.ts";

export default function Categories() {
  const { state, reload, set } = useLoaded("categories", (signal) =>
    ask("GET /api/v1/categories", {}, signal),
  );
  return (
    <AdminPage part="categories">
      {state.kind === "loading" && <Skeleton />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <Words
          label={words.value.categories}
          list={state.value.categories}
          onPut={async (key, body) => {
            const list = await ask("PUT /api/v1/admin/categories/{key}", { path: { key }, body });
            set(() => list);
          }}
          onRetire={async (key) => {
            const list = await ask("DELETE /api/v1/admin/categories/{key}", { path: { key } });
            set(() => list);
          }}
        />
      )}
    </AdminPage>
  );
}
