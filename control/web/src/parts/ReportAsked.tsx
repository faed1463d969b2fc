import { useState } from "preact/hooks";
import { said } from "../app/faults.ts";
import { useTask } from "../app/task.ts";
import type { MakeReport } from "../wire/http.ts";
import { dictionary } from "../words/dictionary.ts";
import { Dialog } from "./Dialog.tsx";
import { Area, Choice } from "./Field.tsx";
import { Form } from "./Form.tsx";
import { say } from "./Toasts.tsx";

const words = dictionary(
  {
    title: "신고하기",
    why: "무엇이 문제인가요?",
    spam: "광고나 도배",
    abuse: "욕설이나 괴롭힘",
    sexual: "성적인 내용",
    violence: "폭력적인 내용",
    fraud: "속임수",
    other: "그 밖에",
    more: "더 알려 주실 것",
    moreHint: "운영자만 읽어요.",
    send: "신고하기",
    sent: "신고했어요. 운영자가 살펴볼게요.",
  },
  {
    title: "Report",
    why: "What is wrong?",
    spam: "Advertising or flooding",
    abuse: "Abuse or harassment",
    sexual: "Sexual content",
    violence: "Violence",
    fraud: "Fraud",
    other: "Something else",
    more: "What else we should know",
    moreHint: "Only admins read it.",
    send: "Report it",
    sent: "Reported. An admin will look at it.",
  },
);

const REASONS = ["spam", "abuse", "sexual", "violence", "fraud", "other"] as const;

interface ReportAskedProps {
  /** Send it; rejects with why it was refused. */
  readonly onReport: (report: MakeReport) => Promise<void>;
  readonly onClose: () => void;
}

/** Why something is reported, in one's own words, too. */
export function ReportAsked({ onReport, onClose }: ReportAskedProps) {
  const [reason, setReason] = useState<MakeReport["reason"]>("spam");
  const [more, setMore] = useState("");
  const task = useTask(async () => {
    await onReport({ reason, words: more });
    say(words.value.sent);
    onClose();
  });
  return (
    <Dialog title={words.value.title} onClose={onClose}>
      <Form task={task} act={words.value.send} danger onCancel={onClose}>
        <Choice
          label={words.value.why}
          value={reason}
          options={REASONS.map((each) => ({ value: each, label: words.value[each] }))}
          onChoice={setReason}
        />
        <Area
          label={words.value.more}
          hint={words.value.moreHint}
          name="words"
          maxLength={1000}
          rows={3}
          value={more}
          fault={said(task.fault).fields["words"]}
          onText={setMore}
        />
      </Form>
    </Dialog>
  );
}
