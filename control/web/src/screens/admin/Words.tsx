/** A list of words in both languages that admins keep: what is offered, in which order. */

import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { useTask } from "../../app/task.ts";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Form } from "../../parts/Form.tsx";
import { Field } from "../../parts/Field.tsx";
import { FaultNote } from "../../parts/States.tsx";
import { Sure } from "../../parts/Sure.tsx";
import { words as common } from "../../words/common.ts";
import { language } from "../../words/language.ts";
import { KeyField, PositionField } from "./fields.tsx";
import { words } from "./words.ts";

export interface Word {
  readonly key: string;
  readonly ko: string;
  readonly en: string;
  readonly position: number;
  readonly retired: boolean;
}

type Put = Pick<Word, "ko" | "en" | "position">;

interface WordsProps {
  readonly label: string;
  readonly list: readonly Word[];
  readonly onPut: (key: string, word: Put) => Promise<void>;
  readonly onRetire: (key: string) => Promise<void>;
}

export function Words({ label, list, onPut, onRetire }: WordsProps) {
  const [asking, setAsking] = useState<Word | "new" | undefined>(undefined);
  const [retiring, setRetiring] = useState<Word | undefined>(undefined);
  const again = useTask(({ key, ko, en, position }: Word) => onPut(key, { ko, en, position }));
  const t = words.value;
  return (
    <section class="page-section" aria-label={label}>
      <div class="page-head">
        <h2>{label}</h2>
        <Button icon="plus" onPress={() => setAsking("new")}>
          {t.add}
        </Button>
      </div>
      <FaultNote fault={again.fault} />
      {list.length === 0 && <p class="soft">{t.noWords}</p>}
      <ul class="list">
        {list.map((each) => (
          <li key={each.key} class="row admin-row">
            <span class="row-text">
              <span class="row-title cut">{each[language.value]}</span>
              <span class="small soft cut figures">
                {each.position} · {each.key} · {language.value === "ko" ? each.en : each.ko}
              </span>
            </span>
            {each.retired && <span class="tag">{t.retired}</span>}
            <span class="admin-acts">
              <Button kind="quiet" onPress={() => setAsking(each)}>
                {t.edit}
              </Button>
              {each.retired ? (
                <Button kind="quiet" busy={again.busy} onPress={() => again.run(each)}>
                  {t.offerAgain}
                </Button>
              ) : (
                <Button kind="quiet" onPress={() => setRetiring(each)}>
                  {t.retire}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      {asking !== undefined && (
        <WordForm
          title={label}
          word={asking === "new" ? undefined : asking}
          position={Math.max(0, ...list.map(({ position }) => position)) + 10}
          onPut={onPut}
          onClose={() => setAsking(undefined)}
        />
      )}
      {retiring !== undefined && (
        <Sure
          title={retiring[language.value]}
          label={t.retire}
          onSure={() => onRetire(retiring.key)}
          onClose={() => setRetiring(undefined)}
        >
          {t.retireHint}
        </Sure>
      )}
    </section>
  );
}

interface WordFormProps {
  readonly title: string;
  readonly word: Word | undefined;
  readonly position: number;
  readonly onPut: WordsProps["onPut"];
  readonly onClose: () => void;
}

function WordForm({ title, word, onPut, onClose, ...first }: WordFormProps) {
  const [key, setKey] = useState(word?.key ?? "");
  const [ko, setKo] = useState(word?.ko ?? "");
  const [en, setEn] = useState(word?.en ?? "");
  const [position, setPosition] = useState(String(word?.position ?? first.position));
  const task = useTask(async () => {
    await onPut(key, { ko, en, position: Number(position) });
    onClose();
  });
  const { fields } = said(task.fault);
  const t = words.value;
  return (
    <Dialog title={title} onClose={onClose}>
      <Form task={task} act={common.value.save} onCancel={onClose}>
        {word === undefined && <KeyField value={key} fault={fields["key"]} onText={setKey} />}
        <Field
          label={t.inKorean}
          name="ko"
          autoComplete="off"
          required
          maxLength={30}
          value={ko}
          fault={fields["ko"]}
          onText={setKo}
        />
        <Field
          label={t.inEnglish}
          name="en"
          autoComplete="off"
          required
          maxLength={30}
          value={en}
          fault={fields["en"]}
          onText={setEn}
        />
        <PositionField value={position} fault={fields["position"]} onText={setPosition} />
      </Form>
    </Dialog>
  );
}
