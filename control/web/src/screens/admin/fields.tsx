/** Fields that more than one form of administration has. */

import type { ComponentChildren } from "preact";
import { Field } from "../../parts/Field.tsx";
import type { Language } from "../../words/language.ts";
import { words } from "./words.ts";

interface TextProps {
  readonly value: string;
  readonly fault: string | undefined;
  readonly onText: (text: string) => void;
}

/** What a thing is known by, for ever. */
export function KeyField(props: TextProps) {
  return (
    <Field
      label={words.value.key}
      hint={words.value.keyHint}
      name="key"
      autoComplete="off"
      pattern="[a-z0-9]+(-[a-z0-9]+)*"
      maxLength={30}
      required
      {...props}
    />
  );
}

/** Where it stands among the others. */
export function PositionField(props: TextProps) {
  return (
    <Field
      label={words.value.position}
      hint={words.value.positionHint}
      name="position"
      inputMode="numeric"
      autoComplete="off"
      pattern="[0-9]{1,6}"
      required
      {...props}
    />
  );
}

interface InBothProps<T> {
  readonly ko: T;
  readonly en: T;
  readonly onKo: (value: T) => void;
  readonly onEn: (value: T) => void;
  readonly children: (language: Language, value: T, set: (value: T) => void) => ComponentChildren;
}

/** The same fields in Korean and in English. */
export function InBoth<T>({ ko, en, onKo, onEn, children }: InBothProps<T>) {
  return (
    <>
      <fieldset class="admin-language">
        <legend>{words.value.inKorean}</legend>
        {children("ko", ko, onKo)}
      </fieldset>
      <fieldset class="admin-language">
        <legend>{words.value.inEnglish}</legend>
        {children("en", en, onEn)}
      </fieldset>
    </>
  );
}
