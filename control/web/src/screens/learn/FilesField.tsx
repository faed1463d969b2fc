import { useId, useRef, useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { useTask } from "../../app/task.ts";
import { upload } from "../../app/upload.ts";
import { Button, IconButton } from "../../parts/Button.tsx";
import type { AskUpload } from "../../wire/http.ts";
import { words } from "./words.ts";

/** A file that was sent. */
export interface Sent {
  readonly id: string;
  readonly name: string;
}

export const PICTURES = "image/jpeg,image/png,image/webp,image/gif";

interface FilesFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly purpose: AskUpload["purpose"];
  /** Media types, as `accept` has them. */
  readonly accept: string;
  readonly most: number;
  readonly files: readonly Sent[];
  readonly onFiles: (files: readonly Sent[]) => void;
}

/** Files that are sent as soon as they are chosen. What was refused is said here, and the others stay. */
export function FilesField({ label, hint, purpose, accept, most, files, onFiles }: FilesFieldProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [percent, setPercent] = useState(0);
  const now = useRef({ files, onFiles }); // what else is filled in goes on while a file is on its way
  now.current = { files, onFiles };
  const task = useTask(async (chosen: readonly File[]) => {
    for (const file of chosen.slice(0, most - files.length)) {
      setPercent(0);
      const { id, name } = await upload(file, {
        purpose,
        onProgress: (part) => setPercent(Math.round(part * 100)),
      });
      now.current.onFiles([...now.current.files, { id, name }]);
    }
  });
  const arePictures = accept === PICTURES;
  return (
    <div class="field" role="group" aria-labelledby={id} aria-describedby={`${id}-hint`}>
      <span class="files-label" id={id}>
        {label}
      </span>
      <ul class="files">
        {files.map((each) => (
          <li key={each.id} class="files-one">
            {arePictures && <img src={`/api/v1/uploads/${each.id}/content?size=thumbnail`} alt="" />}
            <span class="cut">{each.name}</span>
            <IconButton
              icon="close"
              label={words.value.removeFile(each.name)}
              onPress={() => onFiles(files.filter((other) => other.id !== each.id))}
            />
          </li>
        ))}
      </ul>
      {files.length < most && (
        <>
          <input
            ref={input}
            type="file"
            hidden
            accept={accept}
            multiple={most > 1}
            onChange={(event) => {
              task.run([...(event.currentTarget.files ?? [])]);
              event.currentTarget.value = ""; // so that the same file may be chosen again
            }}
          />
          <div>
            <Button icon="paperclip" busy={task.busy} onPress={() => input.current?.click()}>
              {task.busy
                ? words.value.sending(percent)
                : arePictures
                  ? words.value.choosePictures
                  : words.value.chooseFile}
            </Button>
          </div>
        </>
      )}
      <p class="hint" id={`${id}-hint`}>
        {hint}
      </p>
      <p class="fault" role="alert">
        {task.fault === undefined ? "" : said(task.fault).text}
      </p>
    </div>
  );
}

/** Files of which only the ids are known, as pictures that were sent before. */
export function asSent(ids: readonly string[]): readonly Sent[] {
  return ids.map((id, index) => ({ id, name: words.peek().picture(index + 1) }));
}
