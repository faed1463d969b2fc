/**
 * Rooms that are open here: the one that is looked at, and the one whose call goes on while something else is.
 *
 * Nobody is thrown out of a call for looking something up. There is one call at a time: who comes into another leaves it.
 */

import { effect } from "@preact/signals";
import { aside } from "../../app/aside.ts";
import type { Client } from "../../chat/client.ts";
import { RoomModel } from "../../room/model.ts";
import { RoomCall } from "../../together/call.ts";
import { RoomTimer } from "../../together/roomtimer.ts";
import { asideOf } from "./Aside.tsx";
import { Draft } from "./draft.ts";

export interface Opened {
  readonly client: Client;
  readonly model: RoomModel;
  readonly call: RoomCall;
  readonly timer: RoomTimer;
  readonly draft: Draft;
}

let kept: { readonly opened: Opened; readonly letGo: () => void } | undefined;

/** Open a room to be looked at; the one that is kept, when it is that. Throws a `Failure` when it cannot be opened at all. */
export function openRoom(client: Client, id: string, user: string): Opened {
  if (kept?.opened.client === client && kept.opened.model.id === id) return takeUp();
  const model = new RoomModel(client, id, user);
  const call = new RoomCall(client, model.room, user);
  const timer = new RoomTimer(client, model.room);
  effect(() => {
    if (call.phase.value === "coming" && kept !== undefined && kept.opened.call !== call)
      kept.opened.call.leave();
  });
  return { client, model, call, timer, draft: new Draft(id) };
}

/** It is not looked at any more: close it, once its call is over for us. */
export function leaveRoom(opened: Opened): void {
  if (opened.call.phase.peek() === "out") {
    close(opened);
    return;
  }
  aside.value = asideOf(opened);
  const letGo = effect(() => {
    if (opened.call.phase.value !== "out") return;
    kept = undefined;
    aside.value = undefined;
    close(opened);
  });
  kept = { opened, letGo };
}

function takeUp(): Opened {
  const { opened, letGo } = kept!;
  letGo();
  kept = undefined;
  aside.value = undefined;
  return opened;
}

function close({ model, call, timer }: Opened): void {
  for (const each of [call, timer, model]) each.close();
}
