import { type List, offered } from "../../app/conditions.ts";
import { Chips } from "../../parts/Chips.tsx";
import "../learn/learn.css";

interface ConditionChipsProps {
  readonly list: List;
  readonly label: string;
  readonly hint?: string;
  readonly fault?: string | undefined;
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Several conditions of a list. */
export function ConditionChips({ list, label, hint, fault, chosen, onChange }: ConditionChipsProps) {
  return (
    <div class="learn-several">
      <Chips label={label} options={offered(list, chosen)} chosen={chosen} onChange={onChange} />
      {hint !== undefined && <p class="hint">{hint}</p>}
      {fault !== undefined && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}
