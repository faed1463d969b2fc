import { said } from "../../app/faults.ts";
import { useTask } from "../../app/task.ts";
import { useWritten } from "../../app/written.ts";
import { Area } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { asSent, FilesField, PICTURES } from "../learn/FilesField.tsx";
import { words } from "./words.ts";

export interface Written {
  readonly text: string;
  readonly pictures: readonly string[];
}

interface WritingProps {
  /** What it is, and of what: under that it is kept until it is sent. */
  readonly place: string;
  readonly label: string;
  readonly hint: string;
  readonly most: number;
  readonly begun?: Written;
  readonly withPictures: boolean;
  readonly act: string;
  readonly rows?: number;
  /** Send it; what was refused stays in the field. */
  readonly onSend: (written: Written) => Promise<void>;
  /** Left out where it always stands there. */
  readonly onCancel?: () => void;
}

const NOTHING: Written = { text: "", pictures: [] };

/** Something to say below something else: an answer, a comment, or one of them anew. */
export function Writing(props: WritingProps) {
  const { place, label, hint, most, begun = NOTHING, withPictures, act, rows = 4, onSend, onCancel } = props;
  const written = useWritten(place, { text: begun.text, pictures: asSent(begun.pictures) });
  const { text, pictures } = written.value.value;
  const task = useTask(async () => {
    await onSend({ text, pictures: pictures.map((each) => each.id) });
    written.clear();
  });
  return (
    <Form task={task} act={act} onCancel={onCancel} written={onCancel && written}>
      <Area
        label={label}
        hint={hint}
        name="text"
        required
        maxLength={most}
        rows={rows}
        value={text}
        fault={said(task.fault).fields["text"]}
        onText={(text) => written.put({ text })}
      />
      {withPictures && (
        <FilesField
          label={words.value.pictures}
          hint={words.value.picturesHint}
          purpose="post_image"
          accept={PICTURES}
          most={4}
          files={pictures}
          onFiles={(pictures) => written.put({ pictures })}
        />
      )}
    </Form>
  );
}
