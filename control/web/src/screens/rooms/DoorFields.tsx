import { Choice, Field } from "../../parts/Field.tsx";
import type { Room } from "../../wire/http.ts";
import { words } from "./words.ts";

/** Who may come into a room, how many there may be, and what those who come may read. */
export interface Door {
  readonly visibility: Room["visibility"];
  /** The one to come; empty: what it is stays. */
  readonly password: string;
  readonly history: Room["history"];
  /** Digits; empty: what is usual. */
  readonly capacity: string;
}

export const USUAL_DOOR: Door = { visibility: "public", password: "", history: "joined", capacity: "" };

interface DoorFieldsProps {
  readonly of: Door;
  /** The room has a password already. */
  readonly isLocked?: boolean;
  /** How many there may be has to be said. */
  readonly isCounted?: boolean;
  readonly faults: Readonly<Record<string, string>>;
  readonly onChange: (of: Door) => void;
}

export function DoorFields({ of, isLocked = false, isCounted = false, faults, onChange }: DoorFieldsProps) {
  const t = words.value;
  return (
    <>
      <Choice
        label={t.visibility}
        value={of.visibility}
        options={[
          { value: "public", label: t.public },
          { value: "private", label: t.private },
          { value: "secret", label: t.secretChoice },
        ]}
        onChoice={(visibility) => onChange({ ...of, visibility })}
      />
      {of.visibility === "secret" && (
        <Field
          label={t.password}
          hint={isLocked ? t.otherPasswordHint : t.newPasswordHint}
          type="password"
          name="new-room-password"
          autoComplete="off"
          required={!isLocked}
          minLength={4}
          maxLength={200}
          value={of.password}
          fault={faults["password"]}
          onText={(password) => onChange({ ...of, password })}
        />
      )}
      <Choice
        label={t.history}
        value={of.history}
        options={[
          { value: "joined", label: t.joined },
          { value: "all", label: t.everything },
        ]}
        onChoice={(history) => onChange({ ...of, history })}
      />
      <Field
        label={t.capacity}
        hint={t.capacityHint}
        type="number"
        name="capacity"
        inputMode="numeric"
        required={isCounted}
        min={2}
        max={5000}
        value={of.capacity}
        fault={faults["capacity"]}
        onText={(capacity) => onChange({ ...of, capacity })}
      />
    </>
  );
}

/** How it is with a room now. */
export function doorOf({ visibility, history, capacity }: Room): Door {
  return { visibility, password: "", history, capacity: String(capacity) };
}

/** As the server takes it: without a password that nobody gave, or that is not asked for. */
export function asDoor({ visibility, password, history, capacity }: Door) {
  return {
    visibility,
    history,
    ...(visibility === "secret" && password !== "" ? { password } : {}),
    ...(capacity === "" ? {} : { capacity: Number(capacity) }),
  };
}
