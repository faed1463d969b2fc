import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { upload } from "../../app/upload.ts";
import { Button } from "../../parts/Button.tsx";
import { FaultNote } from "../../parts/States.tsx";
import type { Profile } from "../../wire/http.ts";
import { PICTURES } from "../learn/FilesField.tsx";
import "./me.css";
import { words } from "./words.ts";

interface PictureProps {
  readonly profile: Profile;
  readonly purpose: "avatar" | "wallpaper";
  /** What its buttons say. */
  readonly choose: string;
  readonly takeOff: string;
  /** How it looks; null without one. */
  readonly shown: (picture: string | null) => ComponentChildren;
  /** What else can be done about it. */
  readonly children?: ComponentChildren;
}

/** A picture of mine, which is sent as soon as it is chosen. */
export function Picture({ profile, purpose, choose, takeOff, shown, children }: PictureProps) {
  const input = useRef<HTMLInputElement>(null);
  const [picture, setPicture] = useState(profile[purpose]);
  const [percent, setPercent] = useState(0);
  const put = useTask(async (file: File | undefined) => {
    const id = file === undefined ? null : await sent(file, purpose, setPercent);
    setPicture((await ask("PATCH /api/v1/me/profile", { body: { [purpose]: id } }))[purpose]);
  });
  return (
    <>
      <FaultNote fault={put.fault} />
      <div class={`me-picture me-${purpose}`}>
        {shown(picture)}
        <Button busy={put.busy} onPress={() => input.current?.click()}>
          {put.busy ? words.value.sending(percent) : choose}
        </Button>
        {picture !== null && (
          <Button kind="quiet" disabled={put.busy} onPress={() => put.run(undefined)}>
            {takeOff}
          </Button>
        )}
        {children}
        <input
          ref={input}
          type="file"
          name={purpose}
          hidden
          accept={PICTURES}
          aria-label={choose}
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file !== undefined) put.run(file);
            event.currentTarget.value = ""; // the same one may be tried again
          }}
        />
      </div>
    </>
  );
}

async function sent(
  file: File,
  purpose: PictureProps["purpose"],
  tell: (percent: number) => void,
): Promise<string> {
  tell(0);
  const { id } = await upload(file, { purpose, onProgress: (part) => tell(Math.round(part * 100)) });
  return id;
}
