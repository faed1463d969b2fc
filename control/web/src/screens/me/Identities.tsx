import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { useNews } from "../../app/news.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Form } from "../../parts/Form.tsx";
import { Failed, Skeleton } from "../../parts/States.tsx";
import type { Account, Identity } from "../../wire/http.ts";
import { dateOf } from "../../words/times.ts";
import { linkTo, nameOf, type Provider } from "../gate/providers.ts";
import { OwnerShown, useOwner } from "./Owner.tsx";
import { words } from "./words.ts";

interface Vouching {
  readonly provider: Provider;
  /** Undefined when it does not vouch for me. */
  readonly linkedAt: number | undefined;
}

/** Who else can vouch for me at log-in: those that this server offers, and those that did before it offered them no more. */
export function Identities({ account }: { readonly account: Account }) {
  const t = words.value;
  const { state, reload } = useLoaded("identities", vouching);
  useNews((news) => news.type === "personal.account", reload);
  if (state.kind === "ready" && state.value.length === 0) return null;
  return (
    <section class="page-section" aria-labelledby="identities">
      <div>
        <h2 id="identities">{t.identities}</h2>
        <p class="small soft">{t.identitiesHint}</p>
      </div>
      {state.kind === "loading" && <Skeleton rows={1} />}
      {state.kind === "failed" && <Failed fault={state.fault} onAgain={reload} />}
      {state.kind === "ready" && (
        <ul class="list">
          {state.value.map((each) => (
            <li key={each.provider}>
              <Row account={account} vouching={each} onUnlinked={reload} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

async function vouching(signal: AbortSignal): Promise<readonly Vouching[]> {
  const [offered, mine] = await Promise.all([
    ask("GET /api/v1/social", {}, signal),
    ask("GET /api/v1/me/social", {}, signal),
  ]);
  const linked = new Map(mine.identities.map((each: Identity) => [each.provider, each.linked_at]));
  const providers = new Set([...linked.keys(), ...offered.providers]);
  return [...providers].map((provider) => ({ provider, linkedAt: linked.get(provider) }));
}

interface RowProps {
  readonly account: Account;
  readonly vouching: Vouching;
  readonly onUnlinked: () => void;
}

function Row({ account, vouching, onUnlinked }: RowProps) {
  const t = words.value;
  const [isAsked, setIsAsked] = useState(false);
  const { provider, linkedAt } = vouching;
  const name = nameOf(provider);
  return (
    <>
      <div class="row">
        <span class="row-text">
          <span class="row-title">{name}</span>
          <span class="small soft figures">
            {linkedAt === undefined ? t.notLinked : t.linkedSince(dateOf(linkedAt))}
          </span>
        </span>
        <Button kind={linkedAt === undefined ? "plain" : "quiet"} onPress={() => setIsAsked(true)}>
          {linkedAt === undefined ? t.link(name) : t.unlink(name)}
        </Button>
      </div>
      {isAsked && (
        <OwnerAsked
          account={account}
          vouching={vouching}
          onUnlinked={onUnlinked}
          onClose={() => setIsAsked(false)}
        />
      )}
    </>
  );
}

/** To link one, which logs in from then on, or to end that: it takes the account's owner. */
function OwnerAsked({
  account,
  vouching: { provider, linkedAt },
  onUnlinked,
  onClose,
}: RowProps & { readonly onClose: () => void }) {
  const t = words.value;
  const owner = useOwner(account);
  const isLinked = linkedAt !== undefined;
  const name = nameOf(provider);
  const task = useTask(async () => {
    if (!isLinked) return await owner.act((shown) => linkTo(provider, shown));
    await owner.act((shown) =>
      ask("POST /api/v1/me/social/{provider}/unlink", { path: { provider }, body: shown }),
    );
    onUnlinked();
    onClose();
  });
  return (
    <Dialog title={isLinked ? t.unlink(name) : t.link(name)} onClose={onClose}>
      <Form
        task={task}
        act={isLinked ? t.unlinkIt : t.goOn}
        danger={isLinked}
        onCancel={onClose}
        isTold={said(task.fault).code === "password_wrong"}
      >
        {isLinked && <p>{t.unlinkSure(name)}</p>}
        <OwnerShown account={account} owner={owner} fault={task.fault} />
      </Form>
    </Dialog>
  );
}
