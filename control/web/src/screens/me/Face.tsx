import { useRef, useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { upload } from "../../app/upload.ts";
import { Avatar } from "../../parts/Avatar.tsx";
import { Button } from "../../parts/Button.tsx";
import { FaultNote } from "../../parts/States.tsx";
import type { Profile } from "../../wire/http.ts";
import { PICTURES } from "../learn/FilesField.tsx";
import "./me.css";
import { words } from "./words.ts";

/** My picture, which is sent as soon as it is chosen. */
export function Face({ profile }: { readonly profile: Profile }) {
  const t = words.value;
  const input = useRef<HTMLInputElement>(null);
  const [picture, setPicture] = useState(profile.avatar);
  const [percent, setPercent] = useState(0);
  const put = useTask(async (file: File | undefined) => {
    const avatar = file === undefined ? null : await sent(file, setPercent);
    setPicture((await ask("PATCH /api/v1/me/profile", { body: { avatar } })).avatar);
  });
  return (
    <>
      <FaultNote fault={put.fault} />
      <div class="me-face">
        <Avatar name={profile.nickname} picture={picture} size="large" />
        <Button busy={put.busy} onPress={() => input.current?.click()}>
          {put.busy ? t.sending(percent) : t.choosePicture}
        </Button>
        {picture !== null && (
          <Button kind="quiet" disabled={put.busy} onPress={() => put.run(undefined)}>
            {t.noPicture}
          </Button>
        )}
        <input
          ref={input}
          type="file"
          hidden
          accept={PICTURES}
          aria-label={t.choosePicture}
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

async function sent(file: File, tell: (percent: number) => void): Promise<string> {
  tell(0);
  const { id } = await upload(file, {
    purpose: "avatar",
    onProgress: (part) => tell(Math.round(part * 100)),
  });
  return id;
}
