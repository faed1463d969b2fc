import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { type Pages, usePages } from "../../app/pages.ts";
import { pathTo } from "../../app/routes.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Button } from "../../parts/Button.tsx";
import { Paged } from "../../parts/Paged.tsx";
import { Prose } from "../../parts/Prose.tsx";
import { Empty } from "../../parts/States.tsx";
import type { Class, Registrant } from "../../wire/http.ts";
import { ago, count } from "../../words/times.ts";
import "./classes.css";
import { words } from "./words.ts";

const STATES = ["registered", "waiting"] as const;

/** Who registered for a class of mine, or waits, with their answers. */
export function Registrants({ of }: { readonly of: Class }) {
  const t = words.value;
  const [state, setState] = useState<(typeof STATES)[number]>("registered");
  const pages: Pages<Registrant> = usePages(
    JSON.stringify([of.id, state, of.registered, of.waiting]),
    async (cursor, signal) => {
      const asked = { path: { class_id: of.id }, query: { state, cursor } };
      const page = await ask("GET /api/v1/classes/{class_id}/registrations", asked, signal);
      return { items: page.registrants, next: page.next };
    },
  );
  return (
    <section class="page-section" aria-labelledby="registrants">
      <header class="page-head">
        <h2 id="registrants">{t.registrants}</h2>
        <div class="page-acts">
          {STATES.map((each) => (
            <Button
              key={each}
              kind={each === state ? "plain" : "quiet"}
              pressed={each === state}
              onPress={() => setState(each)}
            >
              {each === "registered" ? t.registrants : t.registrantsWaiting} {count(of[each])}
            </Button>
          ))}
        </div>
      </header>
      <Paged pages={pages} empty={<Empty title={t.noRegistrants}>{t.noRegistrantsHint}</Empty>}>
        {(people) => (
          <ul class="list">
            {people.map((each) => (
              <li key={each.person.id} class="registrant">
                <div class="learn-beside figures">
                  <Avatar name={each.person.nickname} picture={each.person.avatar} size="small" />
                  <a class="row-title" href={pathTo("/people/:person", { person: each.person.id })}>
                    {each.person.nickname}
                  </a>
                  <span>{ago(each.asked_at)}</span>
                  {each.paid > 0 && <span>{t.paid(count(each.paid))}</span>}
                </div>
                <dl>
                  {each.answers.map((answer, index) => (
                    <div key={index}>
                      <dt>{of.questions[index]}</dt>
                      <dd>
                        <Prose text={answer} />
                      </dd>
                    </div>
                  ))}
                </dl>
              </li>
            ))}
          </ul>
        )}
      </Paged>
    </section>
  );
}
