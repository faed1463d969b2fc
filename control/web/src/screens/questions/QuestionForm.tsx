import { said } from "../../app/faults.ts";
import { useTask } from "../../app/task.ts";
import { useWritten } from "../../app/written.ts";
import { Area, Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import type { AskQuestion } from "../../wire/http.ts";
import { CategoryChoice } from "../learn/CategoryChoice.tsx";
import { asSent, FilesField, PICTURES } from "../learn/FilesField.tsx";
import "../learn/learn.css";
import { asTyped, TagsField, tagsIn } from "../learn/TagsField.tsx";
import { words } from "./words.ts";

interface QuestionFormProps {
  /** Which question it is: under that it is kept until it is saved. */
  readonly place: string;
  readonly begun?: AskQuestion;
  readonly label: string;
  /** Save it; rejects with why it was refused. */
  readonly onSave: (question: AskQuestion) => Promise<void>;
}

/** All that is asked. */
export function QuestionForm({ place, begun, label, onSave }: QuestionFormProps) {
  const t = words.value;
  const written = useWritten(place, {
    title: begun?.title ?? "",
    text: begun?.text ?? "",
    category: begun?.category ?? "",
    tags: asTyped(begun?.tags ?? []),
    pictures: asSent(begun?.pictures ?? []),
  });
  const { put } = written;
  const { title, text, category, tags, pictures } = written.value.value;
  const task = useTask(async () => {
    await onSave({
      title,
      text,
      category: category || null,
      tags: tagsIn(tags),
      pictures: pictures.map((each) => each.id),
    });
    written.clear();
  });
  const { fields } = said(task.fault);
  return (
    <Form task={task} act={label} kind="card" written={written}>
      <Field
        label={t.name}
        hint={t.nameHint}
        name="title"
        autoComplete="off"
        required
        maxLength={100}
        value={title}
        fault={fields["title"]}
        onText={(title) => put({ title })}
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
        onText={(text) => put({ text })}
      />
      <CategoryChoice
        value={category}
        none={t.noCategory}
        fault={fields["category"]}
        onChoice={(category) => put({ category })}
      />
      <TagsField value={tags} faults={fields} onText={(tags) => put({ tags })} />
      <FilesField
        label={t.pictures}
        hint={t.picturesHint}
        purpose="post_image"
        accept={PICTURES}
        most={4}
        files={pictures}
        onFiles={(pictures) => put({ pictures })}
      />
    </Form>
  );
}
