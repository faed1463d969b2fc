import { useState } from "preact/hooks";
import { ask } from "../../app/http.ts";
import { useTask } from "../../app/task.ts";
import { Dialog } from "../../parts/Dialog.tsx";
import { Choice } from "../../parts/Field.tsx";
import { Form } from "../../parts/Form.tsx";
import { say } from "../../parts/Toasts.tsx";
import type { ReviewPartner, Somebody } from "../../wire/http.ts";
import { words as common } from "../../words/common.ts";
import { words } from "./words.ts";

type Score = ReviewPartner["score"];

const SCORES = [
  [42, "best"],
  [20, "good"],
  [10, "fine"],
  [0, "neutral"],
  [-10, "bad"],
  [-200, "absent"],
] as const;

/** What a score says. */
export function titleOfScore(score: Score): string {
  const found = SCORES.find(([each]) => each === score);
  return found === undefined ? String(score) : words.value[found[1]];
}

interface ReviewDialogProps {
  readonly match: string;
  readonly of: Somebody;
  readonly onDone: (score: Score) => void;
  readonly onClose: () => void;
}

/** How it was with somebody. It is said once. */
export function ReviewDialog({ match, of, onDone, onClose }: ReviewDialogProps) {
  const t = words.value;
  const [score, setScore] = useState<Score>(20);
  const task = useTask(async () => {
    const path = { match, person: of.id };
    await ask("PUT /api/v1/matches/{match}/reviews/{person}", { path, body: { score } });
    say(t.reviewed);
    onDone(score);
    onClose();
  });
  return (
    <Dialog title={t.reviewOf(of.nickname)} onClose={onClose}>
      <Form task={task} act={common.value.save} onCancel={onClose}>
        <Choice
          label={t.review}
          hint={t.reviewHint}
          value={String(score)}
          options={SCORES.map(([each]) => ({ value: String(each), label: titleOfScore(each) }))}
          onChoice={(chosen) => setScore(SCORES.find(([each]) => String(each) === chosen)?.[0] ?? 20)}
        />
      </Form>
    </Dialog>
  );
}
