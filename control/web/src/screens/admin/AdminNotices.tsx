/** What everybody is told, and saying it. */

import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { usePages } from "../../app/pages.ts";
import { Button } from "../../parts/Button.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Empty } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import type { Notice } from "../../wire/http.ts";
import { language } from "../../words/language.ts";
import { dayAndTime } from "../../words/times.ts";
import { AdminPage } from "./AdminPage.tsx";
import { NoticeForm } from "./NoticeForm.tsx";
import { words } from "./words.ts";

export default function AdminNotices() {
  const [writing, setWriting] = useState<Notice | "new" | undefined>(undefined);
  const [withdrawing, setWithdrawing] = useState<Notice | undefined>(undefined);
  const pages = usePages("notices", async (cursor, signal) => {
    const page = await ask("GET /api/v1/notices", { query: { cursor } }, signal);
    return { items: page.notices, next: page.next };
  });
  const t = words.value;
  return (
    <AdminPage
      part="notices"
      acts={
        <Button kind="primary" icon="plus" onPress={() => setWriting("new")}>
          {t.publish}
        </Button>
      }
    >
      <Paged pages={pages} empty={<Empty title={t.noNotices}>{t.noNoticesHint}</Empty>}>
        {(notices) => (
          <ul class="list">
            {notices.map((each) => (
              <li key={each.id} class="row admin-row">
                <span class="row-text">
                  <span class="row-title cut">{each[language.value].title}</span>
                  <span class="small soft figures">{dayAndTime(each.published_at)}</span>
                </span>
                {each.pinned && <span class="tag">{t.pinned}</span>}
                <span class="admin-acts">
                  <Button kind="quiet" onPress={() => setWriting(each)}>
                    {t.edit}
                  </Button>
                  <Button kind="quiet" onPress={() => setWithdrawing(each)}>
                    {t.withdraw}
                  </Button>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Paged>
      {writing !== undefined && (
        <NoticeForm
          notice={writing === "new" ? undefined : writing}
          onSaved={pages.reload}
          onClose={() => setWriting(undefined)}
        />
      )}
      {withdrawing !== undefined && (
        <Sure
          title={t.withdrawTitle}
          label={t.withdraw}
          onSure={async () => {
            await ask("DELETE /api/v1/admin/notices/{notice}", { path: { notice: withdrawing.id } });
            pages.set((all) => all.filter(({ id }) => id !== withdrawing.id));
          }}
          onClose={() => setWithdrawing(undefined)}
        >
          {withdrawing[language.value].title}
        </Sure>
      )}
    </AdminPage>
  );
}
