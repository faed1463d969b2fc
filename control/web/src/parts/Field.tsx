import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import "./field.css";

interface About {
  readonly label: string;
  readonly hint?: ComponentChildren;
  /** What is wrong with it, in words. */
  readonly fault?: string | undefined;
}

/** What a control needs to be tied to its words. */
interface Ties {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean;
}

/** A label above a control, a hint and a fault below it, all tied together for a screen reader. */
export function Labelled({
  label,
  hint,
  fault,
  children,
}: About & { readonly children: (ties: Ties) => ComponentChildren }) {
  const id = useId();
  const told = [hint !== undefined && `${id}-hint`, fault !== undefined && `${id}-fault`].filter(Boolean);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        "aria-describedby": told.length > 0 ? told.join(" ") : undefined,
        "aria-invalid": fault !== undefined,
      })}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {fault !== undefined && (
        <p class="fault" id={`${id}-fault`}>
          {fault}
        </p>
      )}
    </div>
  );
}

interface InputProps extends About {
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly name: string;
  readonly type?:
    "text" | "email" | "tel" | "password" | "search" | "date" | "datetime-local" | "number" | "time";
  /** What a browser may fill in (HTML, autofill). */
  readonly autoComplete?: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly min?: number | string;
  readonly max?: number | string;
  readonly pattern?: string;
  readonly inputMode?: "numeric" | "search";
  readonly autoFocus?: boolean;
  /** Digits to be copied, one by one. */
  readonly code?: boolean;
}

export function Field({ label, hint, fault, code = false, type = "text", onText, ...rest }: InputProps) {
  return (
    <Labelled label={label} hint={hint} fault={fault}>
      {(ties) => (
        <input
          {...ties}
          {...rest}
          type={type as "text"} // Preact wants each type by itself
          class={code ? "input input-code" : "input"}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
    </Labelled>
  );
}

interface AreaProps extends About {
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly name: string;
  readonly placeholder?: string;
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly rows?: number;
}

export function Area({ label, hint, fault, onText, ...rest }: AreaProps) {
  return (
    <Labelled label={label} hint={hint} fault={fault}>
      {(ties) => (
        <textarea {...ties} {...rest} class="input" onInput={(event) => onText(event.currentTarget.value)} />
      )}
    </Labelled>
  );
}

interface ChoiceProps<T extends string> extends About {
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onChoice: (value: T) => void;
}

export function Choice<T extends string>({ label, hint, fault, value, options, onChoice }: ChoiceProps<T>) {
  return (
    <Labelled label={label} hint={hint} fault={fault}>
      {(ties) => (
        <select
          {...ties}
          class="input"
          value={value}
          onChange={(event) => onChoice(event.currentTarget.value as T)}
        >
          {options.map((each) => (
            <option key={each.value} value={each.value}>
              {each.label}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}
