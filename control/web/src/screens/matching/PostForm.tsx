import { said } from "../../app/faults.ts";
import { useTask } from "../../app/task.ts";
import { useWritten } from "../../app/written.ts";
import { Area, Choice, Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { Switch } from "../../parts/Switch.tsx";
import { ConditionChips } from "./ConditionChips.tsx";
import type { Draft } from "./draft.ts";
import "./matching.css";
import { words } from "./words.ts";

const MOST_CHOSEN = 3;

interface PostFormProps {
  /** Which post it is: under that it is kept until it is saved. */
  readonly place: string;
  readonly begun: Draft;
  /** What is fixed for good stays as it is. */
  readonly isNew: boolean;
  readonly label: string;
  /** Save it; rejects with why it was refused. */
  readonly onSave: (draft: Draft) => Promise<void>;
}

/** All that a post says. */
export function PostForm({ place, begun, isNew, label, onSave }: PostFormProps) {
  const t = words.value;
  const written = useWritten(place, begun);
  const { put } = written;
  const draft = written.value.value;
  const task = useTask(async () => {
    await onSave(draft);
    written.clear();
  });
  const { code, text, fields } = said(task.fault);
  return (
    <Form task={task} act={label} kind="card" written={written}>
      {isNew && (
        <Choice
          label={t.category}
          value={draft.category}
          options={(["meal", "study"] as const).map((each) => ({ value: each, label: t[each] }))}
          onChoice={(category) => put({ category })}
        />
      )}
      <Field
        label={t.name}
        name="title"
        autoComplete="off"
        required
        maxLength={100}
        value={draft.title}
        fault={fields["title"]}
        onText={(title) => put({ title })}
      />
      <Area
        label={t.text}
        hint={t.textHint}
        name="text"
        maxLength={2000}
        rows={5}
        value={draft.text}
        fault={fields["text"]}
        onText={(written) => put({ text: written })}
      />
      <div class="matching-pair">
        <Field
          label={t.meets}
          hint={t.meetsHint}
          name="meets"
          type="datetime-local"
          required
          value={draft.meets}
          fault={fields["meets_at"]}
          onText={(meets) => put({ meets })}
        />
        <Field
          label={t.capacity}
          hint={t.capacityHint}
          name="capacity"
          type="number"
          required
          min={2}
          max={20}
          value={draft.capacity}
          fault={code === "capacity_below_joined" ? text : fields["capacity"]}
          onText={(capacity) => put({ capacity })}
        />
      </div>
      <Conditions draft={draft} onChange={put} />
      {isNew && (
        <div class="learn-several">
          <Switch
            label={t.anonymousLabel}
            on={draft.anonymous}
            onChange={(anonymous) => put({ anonymous })}
          />
          <p class="hint">{t.anonymousHint}</p>
        </div>
      )}
    </Form>
  );
}

interface ConditionsProps {
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
}

function Conditions({ draft, onChange }: ConditionsProps) {
  const t = words.value;
  const tooMany = (chosen: readonly string[]) => (chosen.length > MOST_CHOSEN ? t.threeMany : undefined);
  return (
    <>
      <ConditionChips
        list="places"
        label={t.place}
        hint={t.three}
        fault={tooMany(draft.places)}
        chosen={draft.places}
        onChange={(places) => onChange({ places })}
      />
      {draft.category === "meal" ? (
        <ConditionChips
          list="ways"
          label={t.way}
          hint={t.three}
          fault={tooMany(draft.ways)}
          chosen={draft.ways}
          onChange={(ways) => onChange({ ways })}
        />
      ) : (
        <ConditionChips
          list="kinds"
          label={t.kind}
          hint={t.three}
          fault={tooMany(draft.kinds)}
          chosen={draft.kinds}
          onChange={(kinds) => onChange({ kinds })}
        />
      )}
    </>
  );
}
