/** What speaks in a room without being a person: its webhooks, and bots of mine. */

import { useState } from "preact/hooks";
import { said } from "../../../app/faults.ts";
import { ask } from "../../../app/http.ts";
import { useLoaded } from "../../../app/load.ts";
import type { ScreenProps } from "../../../app/screens.ts";
import { may } from "../../../app/session.ts";
import { useTask } from "../../../app/task.ts";
import { Button, ButtonLink } from "../../../parts/Button.tsx";
import { Fetched } from "../../../parts/Fetched.tsx";
import { Choice, Field } from "../../../parts/Field.tsx";
import { Form } from "../../../parts/Form.tsx";
import { OnceShown } from "../../../parts/OnceShown.tsx";
import { Empty, FaultNote } from "../../../parts/States.tsx";
import { say } from "../../../parts/Toasts.tsx";
import type { Bot, NewHook } from "../../../wire/http.ts";
import { KeyRow } from "../../bots/KeyRow.tsx";
import { words } from "../../bots/words.ts";
import { KeepingPage } from "./KeepingPage.tsx";

export default function Hooks({ params }: ScreenProps) {
  return (
    <KeepingPage part="hooks" params={params}>
      {({ id }) => (
        <>
          <Webhooks room={id} />
          {may("bot.create") && <MyBots room={id} />}
        </>
      )}
    </KeepingPage>
  );
}

function Webhooks({ room }: { readonly room: string }) {
  const t = words.value;
  const [isMaking, setMaking] = useState(false);
  const [url, setUrl] = useState<string | undefined>(undefined);
  const hooks = useLoaded(room, (signal) =>
    ask("GET /api/v1/rooms/{room}/hooks", { path: { room } }, signal),
  );
  return (
    <section class="page-section" aria-labelledby="webhooks">
      <header class="page-head">
        <div>
          <h2 id="webhooks">{t.webhooks}</h2>
          <p class="small soft">
            {t.webhooksHint} <a href="/docs">{t.howTo}</a>
          </p>
        </div>
        {!isMaking && url === undefined && (
          <Button icon="plus" onPress={() => setMaking(true)}>
            {t.newHook}
          </Button>
        )}
      </header>
      {isMaking && (
        <NewWebhook
          room={room}
          onMade={(made) => {
            setMaking(false);
            setUrl(made.url);
            hooks.set((before) => ({ hooks: [...before.hooks, made.hook] }));
          }}
          onCancel={() => setMaking(false)}
        />
      )}
      {url !== undefined && (
        <OnceShown label={t.hookAddress} secret={url} onNoted={() => setUrl(undefined)} />
      )}
      <Fetched of={hooks}>
        {({ hooks: all }) =>
          all.length === 0 ? (
            !isMaking && <Empty title={t.noHooks}>{t.noHooksHint}</Empty>
          ) : (
            <ul class="list">
              {all.map((each) => (
                <li key={each.id}>
                  <KeyRow
                    name={each.name}
                    lastUsedAt={each.last_used_at}
                    sure={t.revokeHookSure(each.name)}
                    what={t.revokeHookWhat}
                    onRevoke={async () => {
                      await ask("DELETE /api/v1/rooms/{room}/hooks/{hook}", {
                        path: { room, hook: each.id },
                      });
                      hooks.set((now) => ({ hooks: now.hooks.filter(({ id }) => id !== each.id) }));
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

interface NewWebhookProps {
  readonly room: string;
  readonly onMade: (made: NewHook) => void;
  readonly onCancel: () => void;
}

function NewWebhook({ room, onMade, onCancel }: NewWebhookProps) {
  const t = words.value;
  const [name, setName] = useState("");
  const task = useTask(async () => {
    onMade(await ask("POST /api/v1/rooms/{room}/hooks", { path: { room }, body: { name } }));
  });
  return (
    <Form task={task} kind="card" act={t.make} onCancel={onCancel}>
      <Field
        label={t.hookName}
        hint={t.hookNameHint}
        name="hook-name"
        autoComplete="off"
        required
        autoFocus
        maxLength={40}
        value={name}
        fault={said(task.fault).fields["name"]}
        onText={setName}
      />
    </Form>
  );
}

function MyBots({ room }: { readonly room: string }) {
  const t = words.value;
  const mine = useLoaded("bots", (signal) => ask("GET /api/v1/bots", {}, signal));
  return (
    <section class="page-section" aria-labelledby="my-bots">
      <div>
        <h2 id="my-bots">{t.title}</h2>
        <p class="small soft">{t.botsInHint}</p>
      </div>
      <Fetched of={mine} rows={1}>
        {({ bots }) =>
          bots.length === 0 ? (
            <Empty title={t.none} act={<ButtonLink href="/me/bots">{t.toBots}</ButtonLink>} />
          ) : (
            <PutIn room={room} bots={bots} />
          )
        }
      </Fetched>
    </section>
  );
}

function PutIn({ room, bots }: { readonly room: string; readonly bots: readonly Bot[] }) {
  const t = words.value;
  const [bot, setBot] = useState(bots[0]?.id ?? "");
  const task = useTask(async () => {
    await ask("PUT /api/v1/bots/{bot}/rooms/{room}", { path: { bot, room } });
    say(t.isIn(bots.find(({ id }) => id === bot)?.nickname ?? ""));
  });
  return (
    <div class="card">
      <FaultNote fault={task.fault} />
      <Choice
        label={t.bot}
        value={bot}
        options={bots.map(({ id, nickname }) => ({ value: id, label: nickname }))}
        onChoice={setBot}
      />
      <div class="page-acts">
        <Button busy={task.busy} onPress={() => task.run()}>
          {t.putIn}
        </Button>
      </div>
    </div>
  );
}
