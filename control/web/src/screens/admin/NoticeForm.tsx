import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { useOnce } from "../../app/once.ts";
import { useTask } from "../../app/task.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Form } from "../../parts/Form.tsx";
import { Area, Field } from "../../parts/Field.tsx";
import { Switch } from "../../parts/Switch.tsx";
import type { Notice } from "../../wire/http.ts";
import { words as common } from "../../words/common.ts";
import { InBoth } from "./fields.tsx";
import { words } from "./words.ts";

interface NoticeFormProps {
  /** The one to change; a new one when there is none. */
  readonly notice: Notice | undefined;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

const EMPTY = { title: "", text: "" };

/** A notice, in both languages. */
export function NoticeForm({ notice, onSaved, onClose }: NoticeFormProps) {
  const [ko, setKo] = useState(notice?.ko ?? EMPTY);
  const [en, setEn] = useState(notice?.en ?? EMPTY);
  const [pinned, setPinned] = useState(notice?.pinned ?? false);
  const once = useOnce();
  const task = useTask(async () => {
    const body = { ko, en, pinned };
    if (notice === undefined) await once(body, (named) => ask("POST /api/v1/admin/notices", { body: named }));
    else await ask("PATCH /api/v1/admin/notices/{notice}", { path: { notice: notice.id }, body });
    onSaved();
    onClose();
  });
  const { fields } = said(task.fault);
  const t = words.value;
  return (
    <Dialog title={notice === undefined ? t.publish : t.edit} onClose={onClose}>
      <Form task={task} act={notice === undefined ? t.publish : common.value.save} onCancel={onClose}>
        <InBoth ko={ko} en={en} onKo={setKo} onEn={setEn}>
          {(lang, value, set) => (
            <>
              <Field
                label={t.title}
                name={`${lang}-title`}
                autoComplete="off"
                required
                maxLength={100}
                value={value.title}
                fault={fields[`${lang}.title`]}
                onText={(title) => set({ ...value, title })}
              />
              <Area
                label={t.text}
                name={`${lang}-text`}
                required
                maxLength={5000}
                rows={4}
                value={value.text}
                fault={fields[`${lang}.text`]}
                onText={(text) => set({ ...value, text })}
              />
            </>
          )}
        </InBoth>
        <Switch label={t.pinIt} on={pinned} onChange={setPinned} />
      </Form>
    </Dialog>
  );
}
