import { useState } from "preact/hooks";
import { categories, nameOfCategory } from "../../app/categories.ts";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Form } from "../../parts/Form.tsx";
import { Area, Choice, Field } from "../../parts/Field.tsx";
import type { BadgeList, ListedBadge, PutBadge } from "../../wire/http.ts";
import { words as common } from "../../words/common.ts";
import { language } from "../../words/language.ts";
import { type Drawing, DRAWINGS } from "./drawings.ts";
import { InBoth, KeyField, PositionField } from "./fields.tsx";
import { words } from "./words.ts";

type Rule = PutBadge["rule"];

const PERIODS = ["day", "week", "month"] as const;

/** A rule as it is written: all its numbers, whichever kind it is. */
interface Written {
  readonly kind: Rule["kind"];
  readonly minutes: string;
  readonly days: string;
  readonly people: string;
  readonly per: (typeof PERIODS)[number];
  readonly category: string;
}

interface BadgeFormProps {
  readonly badge: ListedBadge | undefined;
  readonly onPut: (list: BadgeList) => void;
  readonly onClose: () => void;
}

export function BadgeForm({ badge, onPut, onClose }: BadgeFormProps) {
  const [key, setKey] = useState(badge?.key ?? "");
  const [ko, setKo] = useState(badge?.ko ?? { name: "", about: "" });
  const [en, setEn] = useState(badge?.en ?? { name: "", about: "" });
  const [drawing, setDrawing] = useState<Drawing>(badge?.drawing ?? "medal");
  const [written, setWritten] = useState<Written>(writtenOf(badge?.rule));
  const [position, setPosition] = useState(String(badge?.position ?? 0));
  const task = useTask(async () => {
    const rule = ruleOf(written);
    const body = { ko, en, drawing, upload: badge?.upload ?? null, position: Number(position), rule };
    onPut(await ask("PUT /api/v1/admin/badges/{key}", { path: { key }, body }));
    onClose();
  });
  const { fields } = said(task.fault);
  const t = words.value;
  return (
    <Dialog title={badge === undefined ? t.newBadge : t.edit} onClose={onClose}>
      <Form task={task} act={common.value.save} onCancel={onClose}>
        {badge === undefined && <KeyField value={key} fault={fields["key"]} onText={setKey} />}
        <InBoth ko={ko} en={en} onKo={setKo} onEn={setEn}>
          {(lang, value, set) => (
            <>
              <Field
                label={t.badgeName}
                name={`${lang}-name`}
                autoComplete="off"
                required
                maxLength={30}
                value={value.name}
                fault={fields[`${lang}.name`]}
                onText={(next) => set({ ...value, name: next })}
              />
              <Area
                label={t.badgeAbout}
                name={`${lang}-about`}
                required
                maxLength={200}
                rows={2}
                value={value.about}
                fault={fields[`${lang}.about`]}
                onText={(about) => set({ ...value, about })}
              />
            </>
          )}
        </InBoth>
        <div class="admin-drawing">
          <img class="admin-badge" src={`/api/v1/badges/drawings/${drawing}.svg`} alt="" />
          <Choice
            label={t.drawing}
            value={drawing}
            options={(Object.keys(DRAWINGS) as Drawing[]).map((value) => ({
              value,
              label: DRAWINGS[value][language.value],
            }))}
            onChoice={setDrawing}
          />
        </div>
        <RuleFields written={written} fields={fields} onWritten={setWritten} />
        <PositionField value={position} fault={fields["position"]} onText={setPosition} />
      </Form>
    </Dialog>
  );
}

interface RuleFieldsProps {
  readonly written: Written;
  readonly fields: Readonly<Record<string, string>>;
  readonly onWritten: (written: Written) => void;
}

const NUMBERS: Readonly<Record<Rule["kind"], readonly ("minutes" | "days" | "people")[]>> = {
  minutes: ["minutes"],
  streak: ["days", "minutes"],
  first: ["people"],
  granted: [],
};

function RuleFields({ written, fields, onWritten }: RuleFieldsProps) {
  const t = words.value;
  const { kind } = written;
  return (
    <>
      <Choice
        label={t.rule}
        value={kind}
        options={(["minutes", "streak", "first", "granted"] as const).map((value) => ({
          value,
          label: t.ruleKind(value),
        }))}
        onChoice={(next) => onWritten({ ...written, kind: next })}
      />
      {NUMBERS[kind].map((name) => (
        <Field
          key={name}
          label={t.numbers(name)}
          name={name}
          inputMode="numeric"
          autoComplete="off"
          pattern="[1-9][0-9]{0,6}"
          required
          value={written[name]}
          fault={fields[`rule.${name}`]}
          onText={(next) => onWritten({ ...written, [name]: next })}
        />
      ))}
      {kind === "minutes" && (
        <Choice
          label={t.period}
          value={written.per}
          options={PERIODS.map((value) => ({ value, label: t.per(value) }))}
          onChoice={(per) => onWritten({ ...written, per })}
        />
      )}
      {(kind === "minutes" || kind === "streak") && (
        <Choice
          label={t.category}
          value={written.category}
          options={[
            { value: "", label: t.anyCategory },
            ...categories.value.map((each) => ({ value: each.key, label: nameOfCategory(each) })),
          ]}
          onChoice={(category) => onWritten({ ...written, category })}
        />
      )}
    </>
  );
}

function writtenOf(rule: Rule | undefined): Written {
  const usual: Written = {
    kind: "minutes",
    minutes: "60",
    days: "7",
    people: "100",
    per: "week",
    category: "",
  };
  if (rule === undefined) return usual;
  const said = Object.entries(rule).map(([name, value]) => [name, value === null ? "" : String(value)]);
  return { ...usual, ...(Object.fromEntries(said) as Partial<Written>) };
}

function ruleOf({ kind, minutes, days, people, per, category: about }: Written): Rule {
  const category = about === "" ? null : about;
  switch (kind) {
    case "minutes":
      return { kind, minutes: Number(minutes), per, category };
    case "streak":
      return { kind, days: Number(days), minutes: Number(minutes), category };
    case "first":
      return { kind, people: Number(people) };
    case "granted":
      return { kind };
  }
}
