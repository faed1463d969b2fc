import { useState } from "preact/hooks";
import { Button } from "../../parts/Button.tsx";
import { Sure } from "../../parts/Sure.tsx";
import { ago } from "../../words/times.ts";
import { words } from "./words.ts";

interface KeyRowProps {
  readonly name: string;
  /** What it lets do, when that is not always the same. */
  readonly scopes?: string;
  readonly lastUsedAt: number | null;
  /** What is asked before it is revoked, and what that means. */
  readonly sure: string;
  readonly what: string;
  readonly onRevoke: () => Promise<void>;
}

/** Something by which a program speaks, a token or a webhook: whether it is used, and a way to end it. */
export function KeyRow({ name, scopes, lastUsedAt, sure, what, onRevoke }: KeyRowProps) {
  const t = words.value;
  const [isAsked, setAsked] = useState(false);
  const used = lastUsedAt === null ? t.neverUsed : t.lastUsed(ago(lastUsedAt));
  return (
    <div class="row">
      <span class="row-text">
        <span class="row-title cut">{name}</span>
        <span class="small soft">{scopes === undefined ? used : `${scopes} · ${used}`}</span>
      </span>
      <Button kind="quiet" icon="trash" onPress={() => setAsked(true)}>
        {t.revoke}
      </Button>
      {isAsked && (
        <Sure title={sure} label={t.revoke} onSure={onRevoke} onClose={() => setAsked(false)}>
          {what}
        </Sure>
      )}
    </div>
  );
}
