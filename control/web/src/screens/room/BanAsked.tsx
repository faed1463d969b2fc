import { useState } from "preact/hooks";
import { said } from "../../app/faults.ts";
import { ask } from "../../app/http.ts";
import { serverNow } from "../../app/moment.ts";
import { useTask } from "../../app/task.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Choice, Field } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import type { RoomMember } from "../../wire/http.ts";
import { words } from "./words.ts";

const HOUR = 3_600_000;
const LASTS = { banDay: 24 * HOUR, banWeek: 7 * 24 * HOUR, banMonth: 30 * 24 * HOUR } as const;
type Lasts = keyof typeof LASTS | "banForGood";

interface BanAskedProps {
  readonly room: string;
  readonly member: RoomMember;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Somebody is to be kept out: for how long, and why. */
export function BanAsked({ room, member, onDone, onClose }: BanAskedProps) {
  const t = words.value;
  const [lasts, setLasts] = useState<Lasts>("banForGood");
  const [reason, setReason] = useState("");
  const task = useTask(async () => {
    const until = lasts === "banForGood" ? null : Math.round(serverNow() + LASTS[lasts]);
    const path = { room, person: member.id };
    await ask("PUT /api/v1/rooms/{room}/bans/{person}", { path, body: { reason: reason.trim(), until } });
    onDone();
    onClose();
  });
  return (
    <Dialog title={t.ban} onClose={onClose}>
      <Form task={task} act={t.ban} danger onCancel={onClose}>
        <p>{t.banAsk(member.nickname)}</p>
        <Choice
          label={t.banLasts}
          value={lasts}
          options={(["banForGood", "banMonth", "banWeek", "banDay"] as const).map((value) => ({
            value,
            label: t[value],
          }))}
          onChoice={setLasts}
        />
        <Field
          label={t.banWhy}
          hint={t.banWhyHint}
          name="reason"
          autoComplete="off"
          maxLength={500}
          value={reason}
          fault={said(task.fault).fields["reason"]}
          onText={setReason}
        />
      </Form>
    </Dialog>
  );
}
