import { dictionary } from "../words/dictionary.ts";
import { Button } from "./Button.tsx";
import { CopyField } from "./CopyField.tsx";

const words = dictionary(
  { onlyNow: "지금만 볼 수 있어요. 안전한 곳에 옮겨 두세요.", noted: "옮겨 두었어요" },
  { onlyNow: "You see it this once. Put it where it is safe.", noted: "I have it" },
);

interface OnceShownProps {
  readonly label: string;
  readonly secret: string;
  /** It was put somewhere else. */
  readonly onNoted: () => void;
}

/** A secret that the server tells once and nobody can look up again: it stays until it is said to be safe. */
export function OnceShown({ label, secret, onNoted }: OnceShownProps) {
  return (
    <div class="card" role="group" aria-label={label}>
      <CopyField label={label} text={secret} />
      <p class="small">{words.value.onlyNow}</p>
      <div class="dialog-acts">
        <Button kind="primary" onPress={onNoted}>
          {words.value.noted}
        </Button>
      </div>
    </div>
  );
}
