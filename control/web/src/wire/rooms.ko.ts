// Made by `python -m control.typescript`; not to be edited.

import type { RoomWord } from "./codes.ts";

export const ROOM_WORDS: Readonly<Record<RoomWord, string>> = {
  class_opened: "‘{title}’ 수업이 열렸습니다.",
  class_changed: "‘{title}’ 수업 내용이 바뀌었습니다.",
  class_closed: "‘{title}’ 수업이 마감되었습니다.",
  class_cancelled: "‘{title}’ 수업이 취소되었습니다.",
  meeting_link: "모임 링크: {url}",
  match_made: "‘{title}’ 매칭이 성사되었습니다. 모두 {people}명입니다.",
  pair_made: "두 사람의 매칭이 성사되었습니다. 여기가 두 사람의 방입니다.",
  match_cancelled: "‘{title}’ 매칭이 취소되었습니다.",
};
