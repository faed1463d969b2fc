/** What happened to a room and to who is in it, in words. */

import type { Event, SystemWord } from "../../wire/socket.ts";
import { ROOM_WORDS as EN } from "../../wire/rooms.en.ts";
import { ROOM_WORDS as KO } from "../../wire/rooms.ko.ts";
import { language } from "../../words/language.ts";
import { span } from "../../words/times.ts";
import { words } from "./words.ts";

/** Undefined for what is not worth a line. */
export function noteOf(event: Event): string | undefined {
  const say = words.value;
  switch (event.type) {
    case "member":
      if (event.change === "role") return say.role(event.name, say[event.role ?? "member"]);
      return say[event.change](event.name);
    case "room":
      return event.title === undefined ? say.changed : say.renamed(event.title);
    case "timer":
      return {
        started: say.timerStarted(span(Math.round((event.duration_ms ?? 0) / 1000))),
        paused: say.timerPaused,
        resumed: say.timerResumed,
        reset: say.timerReset,
        ended: say.timerEnded,
      }[event.change];
    default:
      return undefined;
  }
}

/** What a room said by itself; `text`, which came with it, where this page does not know the code. */
export function systemText(word: SystemWord | null | undefined, text: string): string {
  const table: Readonly<Record<string, string>> = language.value === "ko" ? KO : EN;
  const sentence = word ? table[word.code] : undefined;
  return sentence?.replace(/{(\w+)}/g, (_, name: string) => String(word?.params?.[name] ?? "")) ?? text;
}
