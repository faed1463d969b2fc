/** The tokens of a bot. What a token is, is told once, when it is made. */

import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { may } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Chips } from "../../parts/Chips.tsx";
import { Fetched } from "../../parts/Fetched.tsx";
import { Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { OnceShown } from "../../parts/OnceShown.tsx";
import type { Bot, NewApiToken } from "../../wire/http.ts";
import { KeyRow } from "./KeyRow.tsx";
import { words } from "./words.ts";

const SCOPES = ["read", "write", "rooms"] as const;

export function Tokens({ bot }: { readonly bot: Bot }) {
  const t = words.value;
  const [isMaking, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | undefined>(undefined);
  const path = { bot: bot.id };
  const tokens = useLoaded(bot.id, (signal) => ask("GET /api/v1/bots/{bot}/tokens", { path }, signal));
  return (
    <section class="page-section" aria-label={t.tokensOf(bot.nickname)}>
      <header class="page-head">
        <h3>{t.tokens}</h3>
        {may("bot.create") && !isMaking && secret === undefined && (
          <Button kind="quiet" icon="plus" onPress={() => setMaking(true)}>
            {t.newToken}
          </Button>
        )}
      </header>
      {isMaking && (
        <NewToken
          bot={bot.id}
          onMade={(made) => {
            setMaking(false);
            setSecret(made.secret);
            tokens.set((before) => ({ tokens: [...before.tokens, made.token] }));
          }}
          onCancel={() => setMaking(false)}
        />
      )}
      {secret !== undefined && (
        <OnceShown label={t.secret} secret={secret} onNoted={() => setSecret(undefined)} />
      )}
      <Fetched of={tokens} rows={1}>
        {({ tokens: all }) =>
          all.length === 0 ? (
            <p class="soft">{t.noTokens}</p>
          ) : (
            <ul class="list">
              {all.map((each) => (
                <li key={each.id}>
                  <KeyRow
                    name={each.name}
                    scopes={each.scopes.map((scope) => t[scope]).join(", ")}
                    lastUsedAt={each.last_used_at}
                    sure={t.revokeSure(each.name)}
                    what={t.revokeWhat}
                    onRevoke={async () => {
                      await ask("DELETE /api/v1/bots/{bot}/tokens/{token}", {
                        path: { ...path, token: each.id },
                      });
                      tokens.set((now) => ({ tokens: now.tokens.filter(({ id }) => id !== each.id) }));
                    }}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Fetched>
    </section>
  );
}

interface NewTokenProps {
  readonly bot: string;
  readonly onMade: (made: NewApiToken) => void;
  readonly onCancel: () => void;
}

function NewToken({ bot, onMade, onCancel }: NewTokenProps) {
  const t = words.value;
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<readonly string[]>(["read", "write"]);
  const scopes = SCOPES.filter((each) => chosen.includes(each));
  const task = useTask(async () => {
    onMade(await ask("POST /api/v1/bots/{bot}/tokens", { path: { bot }, body: { name, scopes } }));
  });
  const { fields } = said(task.fault);
  return (
    <Form task={task} act={t.make} onCancel={onCancel}>
      <Field
        label={t.tokenName}
        hint={t.tokenNameHint}
        name="token-name"
        autoComplete="off"
        required
        autoFocus
        maxLength={50}
        value={name}
        fault={fields["name"]}
        onText={setName}
      />
      <Chips
        label={t.scopes}
        options={SCOPES.map((value) => ({ value, label: t[value] }))}
        chosen={chosen}
        onChange={setChosen}
      />
      {fields["scopes"] !== undefined && (
        <p class="small" role="alert">
          {t.scopeNeeded}
        </p>
      )}
    </Form>
  );
}
