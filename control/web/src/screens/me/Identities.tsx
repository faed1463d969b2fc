import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { useNews } from "../../app/news.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Failed, FaultNote, Skeleton } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import type { Identity } from "../../wire/http.ts";
import { dateOf } from "../../words/times.ts";
import { linkTo, nameOf, type Provider } from "../gate/providers.ts";
import { words } from "./words.ts";

interface Vouching {
  readonly provider: Provider;
  /** Undefined when it does not vouch for me. */
  readonly linkedAt: number | undefined;
}

/** Who else can vouch for me at log-in: those that this server offers, and those that did before it offered them no more. */
export function Identities() {
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
              <Row vouching={each} onUnlinked={reload} />
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
  readonly vouching: Vouching;
  readonly onUnlinked: () => void;
}

function Row({ vouching: { provider, linkedAt }, onUnlinked }: RowProps) {
  const t = words.value;
  const [isAsked, setIsAsked] = useState(false);
  const link = useTask(() => linkTo(provider));
  const name = nameOf(provider);
  return (
    <>
      <FaultNote fault={link.fault} />
      <div class="row">
        <span class="row-text">
          <span class="row-title">{name}</span>
          <span class="small soft figures">
            {linkedAt === undefined ? t.notLinked : t.linkedSince(dateOf(linkedAt))}
          </span>
        </span>
        {linkedAt === undefined ? (
          <Button busy={link.busy} onPress={() => link.run()}>
            {t.link(name)}
          </Button>
        ) : (
          <Button kind="quiet" onPress={() => setIsAsked(true)}>
            {t.unlink(name)}
          </Button>
        )}
      </div>
      {isAsked && (
        <Sure
          title={t.unlink(name)}
          label={t.unlinkIt}
          onSure={async () => {
            await ask("DELETE /api/v1/me/social/{provider}", { path: { provider } });
            onUnlinked();
          }}
          onClose={() => setIsAsked(false)}
        >
          {t.unlinkSure(name)}
        </Sure>
      )}
    </>
  );
}
