import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { go } from "../../app/place.ts";
import { leaveForGood } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Form } from "../../parts/Form.tsx";
import type { Account } from "../../wire/http.ts";
import { OwnerShown, useOwner } from "./Owner.tsx";
import { words } from "./words.ts";

/** To leave the yard, which is asked about first, and takes its owner. */
export function Leaving({ account }: { readonly account: Account }) {
  const t = words.value;
  const [isAsked, setIsAsked] = useState(false);
  return (
    <section class="page-section" aria-labelledby="leaving">
      <div>
        <h2 id="leaving">{t.leaving}</h2>
        <p class="small soft">{t.leavingHint}</p>
      </div>
      <div class="dialog-acts">
        <Button kind="danger" onPress={() => setIsAsked(true)}>
          {t.leave}
        </Button>
      </div>
      {isAsked && <LeaveAsked account={account} onClose={() => setIsAsked(false)} />}
    </section>
  );
}

interface LeaveAskedProps {
  readonly account: Account;
  readonly onClose: () => void;
}

function LeaveAsked({ account, onClose }: LeaveAskedProps) {
  const t = words.value;
  const owner = useOwner(account);
  const task = useTask(async () => {
    await owner.act((shown) => ask("POST /api/v1/me/deletion", { body: shown }));
    await leaveForGood();
    go("/login");
  });
  return (
    <Dialog title={t.leaveSure} onClose={onClose}>
      <Form
        task={task}
        act={t.leave}
        danger
        onCancel={onClose}
        isTold={said(task.fault).code === "password_wrong"}
      >
        <p>{t.leavingHint}</p>
        <OwnerShown account={account} owner={owner} fault={task.fault} />
      </Form>
    </Dialog>
  );
}
