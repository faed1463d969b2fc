import { FilesField, PICTURES, type Sent } from "../learn/FilesField.tsx";
import "../learn/learn.css";
import { words } from "./words.ts";

interface PictureFieldProps {
  readonly picture: Sent | undefined;
  readonly onPicture: (picture: Sent | undefined) => void;
}

/** What a room is seen by, in lists and where somebody is asked into it. */
export function PictureField({ picture, onPicture }: PictureFieldProps) {
  return (
    <FilesField
      label={words.value.picture}
      hint={words.value.pictureHint}
      purpose="room_image"
      accept={PICTURES}
      most={1}
      files={picture === undefined ? [] : [picture]}
      onFiles={([chosen]) => onPicture(chosen)}
    />
  );
}
