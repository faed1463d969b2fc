import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { useTask } from "../../app/task.ts";
import { Area, Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import type { AskQuestion } from "../../wire/http.ts";
import { CategoryChoice } from "../learn/CategoryChoice.tsx";
import { asSent, FilesField, PICTURES } from "../learn/FilesField.tsx";
import "../learn/learn.css";
import { asTyped, TagsField, tagsIn } from "../learn/TagsField.tsx";
import { words } from "./words.ts";

interface QuestionFormProps {
  readonly begun?: AskQuestion;
  readonly label: string;
  /** Save it; rejects with why it was refused. */
  readonly onSave: (question: AskQuestion) => Promise<void>;
}

/** All that is asked. */
export function QuestionForm({ begun, label, onSave }: QuestionFormProps) {
  const t = words.value;
  const [title, setTitle] = useState(begun?.title ?? "");
  const [text, setText] = useState(begun?.text ?? "");
  const [category, setCategory] = useState(begun?.category ?? "");
  const [tags, setTags] = useState(asTyped(begun?.tags ?? []));
  const [pictures, setPictures] = useState(() => asSent(begun?.pictures ?? []));
  const task = useTask(() =>
    onSave({
      title,
      text,
      category: category || null,
      tags: tagsIn(tags),
      pictures: pictures.map((each) => each.id),
    }),
  );
  const { fields } = said(task.fault);
  return (
    <Form task={task} act={label} kind="card">
      <Field
        label={t.name}
        hint={t.nameHint}
        name="title"
        autoComplete="off"
        required
        maxLength={100}
        value={title}
        fault={fields["title"]}
        onText={setTitle}
      />
      <Area
        label={t.text}
        hint={t.textHint}
        name="text"
        required
        maxLength={10_000}
        rows={8}
        value={text}
        fault={fields["text"]}
        onText={setText}
      />
      <CategoryChoice
        value={category}
        none={t.noCategory}
        fault={fields["category"]}
        onChoice={setCategory}
      />
      <TagsField value={tags} faults={fields} onText={setTags} />
      <FilesField
        label={t.pictures}
        hint={t.picturesHint}
        purpose="post_image"
        accept={PICTURES}
        most={4}
        files={pictures}
        onFiles={setPictures}
      />
    </Form>
  );
}
