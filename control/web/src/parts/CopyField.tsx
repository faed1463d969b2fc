import { useRef, useState } from "preact/hooks";
import { dictionary } from "../words/dictionary.ts";
import { Button } from "./Button.tsx";
import { copy } from "./copy.ts";
import { Labelled } from "./Field.tsx";
import "./copy-field.css";

const words = dictionary(
  {
    copy: "복사",
    copied: "복사했어요.",
    failed: "복사하지 못했어요. 골라 두었으니 직접 복사해 주세요.",
  },
  {
    copy: "Copy",
    copied: "Copied.",
    failed: "It could not be copied. It is selected, so that you can copy it yourself.",
  },
);

interface CopyFieldProps {
  readonly label: string;
  readonly text: string;
}

/** Words to be taken along: they stay there to be read and marked, and a button takes them where the browser lets it. */
export function CopyField({ label, text }: CopyFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState<"copied" | "failed" | undefined>(undefined);
  const take = async () => {
    const isDone = await copy(text);
    setOutcome(isDone ? "copied" : "failed");
    if (isDone) return;
    field.current?.focus();
    field.current?.select();
  };
  return (
    <div>
      <div class="copy-field">
        <Labelled label={label}>
          {(ties) => (
            <input
              {...ties}
              ref={field}
              class="input figures"
              readOnly
              value={text}
              onFocus={(event) => event.currentTarget.select()}
            />
          )}
        </Labelled>
        <Button icon="copy" onPress={() => void take()}>
          {words.value.copy}
        </Button>
      </div>
      <p class="small soft" role="status">
        {outcome !== undefined && words.value[outcome]}
      </p>
    </div>
  );
}
