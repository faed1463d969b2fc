/** The links that lead into a room: made for a while, and taken back. */

import { useState } from "preact/hooks";
import { said } from "../../../app/faults.ts";
import { ask } from "../../../app/http.ts";
import { useLoaded } from "../../../app/load.ts";
import { useTask } from "../../../app/task.ts";
import { Button } from "../../../parts/Button.tsx";
import { CopyField } from "../../../parts/CopyField.tsx";
import { Fetched } from "../../../parts/Fetched.tsx";
import { Choice, Field } from "../../../parts/Field.tsx";
import { Form } from "../../../parts/Form.tsx";
import { Empty } from "../../../parts/States.tsx";
import { Sure } from "../../../parts/Sure.tsx";
import type { RoomLink } from "../../../wire/http.ts";
import { count, dayAndTime } from "../../../words/times.ts";
import { words } from "./words.ts";

const HOUR = 3_600; // seconds
const LASTS = { hour: HOUR, day: 24 * HOUR, week: 7 * 24 * HOUR, month: 30 * 24 * HOUR } as const;
type Lasts = keyof typeof LASTS;

export function Links({ room }: { readonly room: string }) {
  const t = words.value;
  const [isMaking, setMaking] = useState(false);
  const links = useLoaded(room, (signal) =>
    ask("GET /api/v1/rooms/{room}/links", { path: { room } }, signal),
  );
  return (
    <section class="page-section" aria-labelledby="links">
      <header class="page-head">
        <div>
          <h2 id="links">{t.links}</h2>
          <p class="small soft">{t.linksHint}</p>
        </div>
        {!isMaking && (
          <Button icon="plus" onPress={() => setMaking(true)}>
            {t.newLink}
          </Button>
        )}
      </header>
      {isMaking && (
        <NewLink
          room={room}
          onMade={() => {
            setMaking(false);
            links.reload();
          }}
          onCancel={() => setMaking(false)}
        />
      )}
      <Fetched of={links}>
        {({ links: all }) =>
          all.length === 0 ? (
            !isMaking && <Empty title={t.noLinks}>{t.noLinksHint}</Empty>
          ) : (
            <ul class="list">
              {all.map((each) => (
                <li key={each.id}>
                  <One
                    link={each}
                    room={room}
                    onRemoved={() =>
                      links.set((now) => ({ links: now.links.filter(({ id }) => id !== each.id) }))
                    }
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

interface NewLinkProps {
  readonly room: string;
  readonly onMade: () => void;
  readonly onCancel: () => void;
}

function NewLink({ room, onMade, onCancel }: NewLinkProps) {
  const t = words.value;
  const [lasts, setLasts] = useState<Lasts>("week");
  const [uses, setUses] = useState("");
  const task = useTask(async () => {
    const body = { expires_in: LASTS[lasts], max_uses: uses === "" ? null : Number(uses) };
    await ask("POST /api/v1/rooms/{room}/links", { path: { room }, body });
    onMade();
  });
  return (
    <Form task={task} kind="card" act={t.make} onCancel={onCancel}>
      <div class="keeping-pair">
        <Choice
          label={t.lasts}
          value={lasts}
          options={(Object.keys(LASTS) as Lasts[]).map((value) => ({ value, label: t[value] }))}
          onChoice={setLasts}
        />
        <Field
          label={t.uses}
          hint={t.usesHint}
          type="number"
          name="max_uses"
          min={1}
          max={5000}
          value={uses}
          fault={said(task.fault).fields["max_uses"]}
          onText={setUses}
        />
      </div>
    </Form>
  );
}

interface OneProps {
  readonly link: RoomLink;
  readonly room: string;
  readonly onRemoved: () => void;
}

function One({ link, room, onRemoved }: OneProps) {
  const t = words.value;
  const [isAsked, setAsked] = useState(false);
  const { id, code, by, expires_at, uses, max_uses } = link;
  return (
    <div class="keeping-link">
      <CopyField label={t.link(code.slice(0, 4))} text={`${location.origin}/links/${code}`} />
      <div class="keeping-about">
        <p class="small soft figures">
          {t.madeBy(by.nickname)} · {t.until(dayAndTime(expires_at))} ·{" "}
          {max_uses === null ? t.used(count(uses)) : t.usedOf(count(uses), count(max_uses))}
        </p>
        <Button kind="quiet" icon="trash" onPress={() => setAsked(true)}>
          {t.removeLink}
        </Button>
      </div>
      {isAsked && (
        <Sure
          title={t.removeLinkSure}
          label={t.removeLink}
          onSure={async () => {
            await ask("DELETE /api/v1/rooms/{room}/links/{link}", { path: { room, link: id } });
            onRemoved();
          }}
          onClose={() => setAsked(false)}
        >
          {t.removeLinkWhat}
        </Sure>
      )}
    </div>
  );
}
