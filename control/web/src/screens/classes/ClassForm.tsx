import { said } from "../../app/faults.ts";
import { useTask } from "../../app/task.ts";
import { useWritten } from "../../app/written.ts";
import { Area, Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { CategoryChips } from "../learn/CategoryChoice.tsx";
import { asSent, FilesField, PICTURES } from "../learn/FilesField.tsx";
import "../learn/learn.css";
import "./classes.css";
import type { Plan } from "./plan.ts";
import { words } from "./words.ts";

interface ClassFormProps {
  /** Which class it is: under that it is kept until it is saved. */
  readonly place: string;
  readonly begun: Plan;
  /** It is open: price and questions stay as they are. */
  readonly isFixed: boolean;
  readonly label: string;
  /** Save it; rejects with why it was refused. */
  readonly onSave: (plan: Plan) => Promise<void>;
}

/** Everything a mentor says of a class. */
export function ClassForm({ place, begun, isFixed, label, onSave }: ClassFormProps) {
  const t = words.value;
  const written = useWritten(place, begun);
  const { put } = written;
  const plan = written.value.value;
  const task = useTask(async () => {
    await onSave(plan);
    written.clear();
  });
  const { fields } = said(task.fault);
  return (
    <Form task={task} act={label} kind="card" written={written}>
      <Field
        label={t.name}
        name="title"
        autoComplete="off"
        required
        maxLength={60}
        value={plan.title}
        fault={fields["title"]}
        onText={(title) => put({ title })}
      />
      <Area
        label={t.description}
        name="description"
        maxLength={5000}
        rows={5}
        value={plan.description}
        fault={fields["description"]}
        onText={(description) => put({ description })}
      />
      <Area
        label={t.curriculum}
        hint={t.curriculumHint}
        name="curriculum"
        rows={4}
        value={plan.curriculum}
        fault={faultOf(fields, "curriculum")}
        onText={(curriculum) => put({ curriculum })}
      />
      <div class="learn-several">
        <CategoryChips
          chosen={plan.categories}
          onChange={(categories) => put({ categories: categories.slice(0, 5) })}
        />
        <p class="hint">{t.categoriesHint}</p>
        {faultOf(fields, "categories") !== undefined && <p class="fault">{faultOf(fields, "categories")}</p>}
      </div>
      <Field
        label={t.startsAt}
        hint={t.startsHint}
        type="datetime-local"
        name="starts_at"
        required
        value={plan.starts}
        fault={fields["starts_at"]}
        onText={(starts) => put({ starts })}
      />
      <Field
        label={t.capacity}
        hint={t.capacityHint}
        type="number"
        name="capacity"
        required
        min={1}
        max={500}
        value={plan.capacity}
        fault={fields["capacity"]}
        onText={(capacity) => put({ capacity })}
      />
      {isFixed ? <p class="small soft">{t.fixed}</p> : <Fixable plan={plan} faults={fields} onPlan={put} />}
      <FilesField
        label={t.cover}
        hint={t.coverHint}
        purpose="class_cover"
        accept={PICTURES}
        most={1}
        files={plan.cover === null ? [] : asSent([plan.cover])}
        onFiles={([file]) => put({ cover: file?.id ?? null })}
      />
    </Form>
  );
}

interface FixableProps {
  readonly plan: Plan;
  readonly faults: Readonly<Record<string, string>>;
  readonly onPlan: (change: Partial<Plan>) => void;
}

/** What stays as it is once the class is open. */
function Fixable({ plan, faults, onPlan }: FixableProps) {
  const t = words.value;
  return (
    <>
      <Field
        label={t.price}
        hint={t.priceHint}
        type="number"
        name="price"
        required
        min={0}
        max={1_000_000}
        value={plan.price}
        fault={faults["price"]}
        onText={(price) => onPlan({ price })}
      />
      <Area
        label={t.questions}
        hint={t.questionsHint}
        name="questions"
        rows={3}
        value={plan.questions}
        fault={faultOf(faults, "questions")}
        onText={(questions) => onPlan({ questions })}
      />
    </>
  );
}

/** What is wrong with a list, or with one of it. */
function faultOf(fields: Readonly<Record<string, string>>, name: string): string | undefined {
  const key = Object.keys(fields).find(
    (each) => each === name || each.startsWith(`${name}[`) || each.startsWith(`${name}.`),
  );
  return key === undefined ? undefined : fields[key];
}
