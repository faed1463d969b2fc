import "./chips.css";

interface ChipsProps {
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
}

/** Several of several: each a check box in the shape of a word. */
export function Chips({ label, options, chosen, onChange }: ChipsProps) {
  return (
    <fieldset class="chips">
      <legend>{label}</legend>
      {options.map((each) => (
        <label key={each.value} class="chip">
          <input
            type="checkbox"
            checked={chosen.includes(each.value)}
            onChange={(event) =>
              onChange(
                event.currentTarget.checked
                  ? [...chosen, each.value]
                  : chosen.filter((value) => value !== each.value),
              )
            }
          />
          <span>{each.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
