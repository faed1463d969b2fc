import { Area, Field } from "../../parts/Field.tsx";
import type { Room } from "../../wire/http.ts";
import { CategoryChoice } from "../learn/CategoryChoice.tsx";
import { asSent, FilesField, PICTURES, type Sent } from "../learn/FilesField.tsx";
import "../learn/learn.css";
import { asTyped, TagsField, tagsIn } from "../learn/TagsField.tsx";
import { words } from "./words.ts";

/** What a room is called, what it is for, and what it is found and seen by. */
export interface RoomWords {
  readonly title: string;
  readonly description: string;
  readonly picture: Sent | undefined;
  /** Empty: none in particular. */
  readonly category: string;
  /** As they are typed. */
  readonly tags: string;
}

export const NOTHING_SAID: RoomWords = {
  title: "",
  description: "",
  picture: undefined,
  category: "",
  tags: "",
};

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
      <CategoryChoice
        value={of.category}
        none="—"
        fault={faults["category"]}
        onChoice={(category) => onChange({ ...of, category })}
      />
      <TagsField value={of.tags} faults={faults} onText={(tags) => onChange({ ...of, tags })} />
    </>
  );
}

/** What a room says of itself now. */
export function saidBy({ title, description, image, category, tags }: Room): RoomWords {
  const picture = image === null ? undefined : asSent([image])[0];
  return { title, description, picture, category: category ?? "", tags: asTyped(tags) };
}

/** As the server takes them. */
export function asSaid({ title, description, picture, category, tags }: RoomWords) {
  return { title, description, image: picture?.id ?? null, category: category || null, tags: tagsIn(tags) };
}
