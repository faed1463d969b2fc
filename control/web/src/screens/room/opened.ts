/**
 * Rooms that are open here: the one that is looked at, the one whose call goes on while something else is, and those in which
 * something of mine is still on its way.
 *
 * Nobody is thrown out of a call for looking something up. There is one call at a time: who comes into another leaves it.
 */

import { effect } from "@preact/signals";
import { aside } from "../../app/aside.ts";
import { engage } from "../../app/attention.ts";
import { upload } from "../../app/upload.ts";
import type { Client } from "../../chat/client.ts";
import { Failure } from "../../chat/failure.ts";
import { RoomModel } from "../../room/model.ts";
import { Unsaid } from "../../room/unsaid.ts";
import { RoomCall } from "../../together/call.ts";
import { RoomTimer } from "../../together/roomtimer.ts";
import { asideOf } from "./Aside.tsx";
import { Drafts } from "./draft.ts";

export interface Opened {
  readonly client: Client;
  readonly model: RoomModel;
  readonly call: RoomCall;
  readonly timer: RoomTimer;
  readonly drafts: Drafts;
}

/** Those that nobody looks at, by room, and what lets go of each. */
const kept = new Map<string, { readonly opened: Opened; readonly letGo: () => void }>();
/** Those that are looked at. */
const shown = new Set<Opened>();

/** Open a room to be looked at; the one that is kept, when it is that. Throws a `Failure` when it cannot be opened at all. */
export function openRoom(client: Client, id: string, user: string): Opened {
  const opened = takeUp(client, id) ?? newly(client, id, user);
  shown.add(opened);
  return opened;
}

/** It is not looked at any more: close it, once its call is over for us and what I said or attached in it is sent or refused. */
export function leaveRoom(opened: Opened): void {
  const { model, call, drafts } = opened;
  const there = asideOf(opened);
  const end = () => {
    for (const each of [drafts, call, opened.timer, model]) each.close();
  };
  shown.delete(opened);
  if (model.over.peek() !== undefined) {
    end();
    return;
  }
  const close = () => {
    if (kept.get(model.id) !== here) return; // it is looked at again
    letGo();
    end();
  };
  const stop = effect(() => {
    const isCalling = call.phase.value !== "out";
    if (isCalling) aside.value = there;
    else if (aside.peek() === there) aside.value = undefined;
    const isBusy = isCalling || model.isSending.value || drafts.isUploading.value;
    if (!isBusy || model.over.value !== undefined) queueMicrotask(close); // not while it is being told
  });
  const letGo = () => {
    stop();
    if (aside.peek() === there) aside.value = undefined;
    if (kept.get(model.id) === here) kept.delete(model.id);
  };
  const here = { opened, letGo };
  kept.set(model.id, here);
}

/** Send what was written here before this page was loaded, in the rooms that nobody looks at now. */
export function sendLeft(client: Client, user: string): void {
  const isOpen = (room: string) => kept.has(room) || [...shown].some(({ model }) => model.id === room);
  for (const room of new Unsaid(user).rooms(Date.now())) {
    if (isOpen(room)) continue;
    try {
      leaveRoom(newly(client, room, user));
    } catch (fault) {
      if (!(fault instanceof Failure)) throw fault; // else no room can be opened now: it waits there for its author
      return;
    }
  }
}

function newly(client: Client, id: string, user: string): Opened {
  const model = new RoomModel(client, id, user);
  const call = new RoomCall(client, model.room, user);
  const timer = new RoomTimer(client, model.room);
  effect(() => {
    const phase = call.phase.value;
    engage(call, phase !== "out");
    if (phase !== "coming") return;
    for (const { opened } of kept.values()) if (opened.call !== call) opened.call.leave();
  });
  const drafts = new Drafts(model.unsaid, id, (file, how) =>
    upload(file, { ...how, purpose: "attachment", room: id }),
  );
  return { client, model, call, timer, drafts };
}

function takeUp(client: Client, id: string): Opened | undefined {
  const found = kept.get(id);
  if (found === undefined || found.opened.client !== client) return undefined;
  found.letGo();
  return found.opened;
}
