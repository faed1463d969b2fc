// Made by `python -m control.typescript`; not to be edited.

import type { RoomWord } from "./codes.ts";

export const ROOM_WORDS: Readonly<Record<RoomWord, string>> = {
  class_opened: "The class “{title}” is open.",
  class_changed: "The class “{title}” was changed.",
  class_closed: "The class “{title}” is closed.",
  class_cancelled: "The class “{title}” was cancelled.",
  meeting_link: "The meeting is at {url}",
  match_made: "“{title}” is on: you are {people}.",
  pair_made: "You two are matched, and this is your room.",
  match_cancelled: "“{title}” was cancelled.",
};
