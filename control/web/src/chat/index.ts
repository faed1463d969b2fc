/**
 * The chat client: a module of its own, which knows nothing of the app around it and needs no framework.
 *
 * A `Client` keeps one connection to chatd up; a `Room` of it tells that room's events in order, each once, and stores what
 * is said, once. `core.ts` is the conversation as a state machine, `client.ts` the socket around it.
 */

export { openClient, socketBeside } from "./browser.ts";
export { Client, type Options, type Socket, type Standing, type Time, type Tokens } from "./client.ts";
export type { Presence } from "./core.ts";
export { Failure, type FailureCode } from "./failure.ts";
export { newId } from "./ids.ts";
export { Listeners } from "./listeners.ts";
export type { Extras, Post, Room, RoomNews } from "./room.ts";
