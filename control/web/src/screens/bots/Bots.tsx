/** My bots: made, retired, and the tokens by which programs speak for them. */

import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useLoaded } from "../../app/load.ts";
import { may } from "../../app/session.ts";
import { useTask } from "../../app/task.ts";
import { useTitle } from "../../app/title.ts";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { Fetched } from "../../parts/Fetched.tsx";
import { Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { Empty } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import type { Bot } from "../../wire/http.ts";
import { dateOf } from "../../words/times.ts";
import { MeWays } from "../me/MeWays.tsx";
import { Tokens } from "./Tokens.tsx";
import { words } from "./words.ts";

export default function Bots() {
  const t = words.value;
  useTitle(t.title);
  return (
    <div class="page">
      <MeWays />
      <Mine />
    </div>
  );
}

/** Who may make none any more can still end those that they made. */
function Mine() {
  const t = words.value;
  const mayMake = may("bot.create");
  const [isMaking, setMaking] = useState(false);
  const mine = useLoaded("bots", (signal) => ask("GET /api/v1/bots", {}, signal));
  return (
    <>
      <header class="page-head">
        <div>
          <h1>{t.title}</h1>
          <p class="small soft">
            {mayMake ? t.hint : t.silent} <a href="/docs">{t.howTo}</a>
          </p>
        </div>
        {mayMake && !isMaking && (
          <Button icon="plus" onPress={() => setMaking(true)}>
            {t.newBot}
          </Button>
        )}
      </header>
      {isMaking && (
        <NewBot
          onMade={(made) => {
            setMaking(false);
            mine.set(({ bots }) => ({ bots: [...bots, made] }));
          }}
          onCancel={() => setMaking(false)}
        />
      )}
      <Fetched of={mine}>
        {({ bots }) =>
          bots.length === 0
            ? !isMaking && <None mayMake={mayMake} />
            : bots.map((each) => (
                <One
                  key={each.id}
                  bot={each}
                  onRetired={() => mine.set((now) => ({ bots: now.bots.filter(({ id }) => id !== each.id) }))}
                />
              ))
        }
      </Fetched>
    </>
  );
}

function None({ mayMake }: { readonly mayMake: boolean }) {
  const t = words.value;
  if (mayMake) return <Empty title={t.none}>{t.noneHint}</Empty>;
  return (
    <Empty title={t.notYours} act={<ButtonLink href="/mentors/apply">{t.becomeMentor}</ButtonLink>}>
      {t.notYoursHint}
    </Empty>
  );
}

interface NewBotProps {
  readonly onMade: (bot: Bot) => void;
  readonly onCancel: () => void;
}

function NewBot({ onMade, onCancel }: NewBotProps) {
  const t = words.value;
  const [nickname, setNickname] = useState("");
  const [about, setAbout] = useState("");
  const task = useTask(async () => onMade(await ask("POST /api/v1/bots", { body: { nickname, about } })));
  const { code, fields, text } = said(task.fault);
  const isTaken = code === "nickname_taken";
  return (
    <Form task={task} kind="card" isTold={isTaken} act={t.make} onCancel={onCancel}>
      <Field
        label={t.nickname}
        hint={t.nicknameHint}
        name="nickname"
        autoComplete="off"
        required
        autoFocus
        minLength={2}
        maxLength={20}
        value={nickname}
        fault={isTaken ? text : fields["nickname"]}
        onText={setNickname}
      />
      <Field
        label={t.about}
        hint={t.aboutHint}
        name="about"
        autoComplete="off"
        maxLength={200}
        value={about}
        fault={fields["about"]}
        onText={setAbout}
      />
    </Form>
  );
}

function One({ bot, onRetired }: { readonly bot: Bot; readonly onRetired: () => void }) {
  const t = words.value;
  const [isAsked, setAsked] = useState(false);
  return (
    <article class="card" aria-labelledby={`bot-${bot.id}`}>
      <header class="page-head">
        <div>
          <h2 id={`bot-${bot.id}`}>{bot.nickname}</h2>
          <p class="small soft">{t.since(dateOf(bot.created_at))}</p>
        </div>
        <Button kind="danger" onPress={() => setAsked(true)}>
          {t.retire}
        </Button>
      </header>
      {bot.about !== "" && <p>{bot.about}</p>}
      <Tokens bot={bot} />
      {isAsked && (
        <Sure
          title={t.retireSure(bot.nickname)}
          label={t.retire}
          onSure={async () => {
            await ask("DELETE /api/v1/bots/{bot}", { path: { bot: bot.id } });
            onRetired();
          }}
          onClose={() => setAsked(false)}
        >
          {t.retireWhat}
        </Sure>
      )}
    </article>
  );
}
