/** Where rooms, their messages and their threads are. */

import { pathTo } from "../../app/routes.ts";

/** The room, at the message `seq` if one is named. */
export function roomPath(room: string, seq?: number): string {
  return pathTo("/rooms/:room", { room }) + (seq === undefined ? "" : `?at=${seq}`);
}

/** The message `seq` and all answers to it. */
export function threadPath(room: string, seq: number): string {
  return pathTo("/rooms/:room/threads/:thread", { room, thread: String(seq) });
}

/** The pictures that were said there. */
export function galleryPath(room: string): string {
  return pathTo("/rooms/:room/pictures", { room });
}

/** Where order is kept in a room. */
export function managePath(room: string): string {
  return pathTo("/rooms/:room/manage", { room });
}
