import { Area, Field } from "../../parts/Field.tsx";
import { FilesField, PICTURES, type Sent } from "../learn/FilesField.tsx";
import "../learn/learn.css";
import { words } from "./words.ts";

/** What a room is called, what it is for, and what it is seen by in lists and invitations. */
export interface RoomWords {
  readonly title: string;
  readonly description: string;
  readonly picture: Sent | undefined;
}

interface RoomFieldsProps {
  readonly of: RoomWords;
  readonly faults: Readonly<Record<string, string>>;
  readonly onChange: (of: RoomWords) => void;
}

export function RoomFields({ of, faults, onChange }: RoomFieldsProps) {
  const t = words.value;
  return (
    <>
      <Field
        label={t.name}
        name="title"
        autoComplete="off"
        required
        autoFocus
        maxLength={60}
        value={of.title}
        fault={faults["title"]}
        onText={(title) => onChange({ ...of, title })}
      />
      <Area
        label={t.about}
        name="description"
        maxLength={1000}
        rows={3}
        value={of.description}
        fault={faults["description"]}
        onText={(description) => onChange({ ...of, description })}
      />
      <FilesField
        label={t.picture}
        hint={t.pictureHint}
        purpose="room_image"
        accept={PICTURES}
        most={1}
        files={of.picture === undefined ? [] : [of.picture]}
        onFiles={([picture]) => onChange({ ...of, picture })}
      />
    </>
  );
}

/** As the server takes them. */
export function asSaid({ title, description, picture }: RoomWords) {
  return { title, description, image: picture?.id ?? null };
}
