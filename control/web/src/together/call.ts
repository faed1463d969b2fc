/**
 * A room's call as a screen shows it, and our place in it.
 *
 * The place has a name of our own making (`peer`). When a connection to chatd is back, over whichever replica, it is taken up
 * again under that name: what flows between browsers goes on meanwhile, and nobody hears that it was left.
 */

import { effect, signal } from "@preact/signals";
import type { Client } from "../chat/client.ts";
import { Failure } from "../chat/failure.ts";
import { newUuid } from "../chat/ids.ts";
import type { Room, RoomNews } from "../chat/room.ts";
import type { CallEnded, CallNow, IceServer, News } from "../wire/socket.ts";
import { Device, takeBoth } from "./devices.ts";
import type { Signal } from "./link.ts";
import { Mesh, type Seen } from "./mesh.ts";
import { after, type CallChange, newer, NOBODY } from "./roster.ts";

export type Phase = "out" | "coming" | "in";

/** How long an emoticon is shown on its sender's tile. */
const EMOTE_SHOWN_MS = 3_000;

export class RoomCall {
  readonly now = signal<CallNow>(NOBODY);
  readonly phase = signal<Phase>("out");
  /** Why we could not come in, or could not be heard. */
  readonly fault = signal<unknown>(undefined);
  /** Why we are out although we did not leave. */
  readonly ended = signal<CallEnded["why"] | undefined>(undefined);
  readonly mic = new Device("audio");
  readonly camera = new Device("video");
  readonly seen = signal<ReadonlyMap<string, Seen>>(new Map());
  /** What people show just now, by user. */
  readonly shown = signal<ReadonlyMap<string, string>>(new Map());
  readonly #room: Room;
  readonly me: string;
  readonly #stops: (() => void)[];
  readonly #fading = new Map<string, ReturnType<typeof setTimeout>>();
  #peer: string | undefined;
  #mesh: Mesh | undefined;
  #asking = false;
  #saying = false;

  constructor(client: Client, room: Room, me: string) {
    this.#room = room;
    this.me = me;
    const leave = () => this.leave();
    addEventListener("pagehide", leave);
    this.#stops = [
      client.news.add((news) => this.#told(news)),
      room.news.add((news) => this.#heard(news)),
      effect(() => this.#send("audio", this.mic.track.value)),
      effect(() => this.#send("video", this.camera.track.value)),
      () => removeEventListener("pagehide", leave),
    ];
  }

  /** Our name in the call; undefined while we are out. */
  get peer(): string | undefined {
    return this.#peer;
  }

  /** Come in, with microphone and camera as far as they can be had. */
  async join(wanted: { readonly mic: boolean; readonly camera: boolean }): Promise<void> {
    if (this.#peer !== undefined) return;
    const peer = newUuid();
    this.#peer = peer;
    this.phase.value = "coming";
    this.fault.value = undefined;
    this.ended.value = undefined;
    const isComing = () => this.#peer === peer;
    await takeBoth(this.mic, this.camera, wanted, isComing);
    if (!isComing()) return; // it was left while our person was asked
    this.#mesh = new Mesh({
      me: peer,
      tell: (to, data) => this.#tell(to, data),
      changed: (seen) => (this.seen.value = seen),
    });
    this.#mesh.send("audio", this.mic.track.peek());
    this.#mesh.send("video", this.camera.track.peek());
    await this.#come();
  }

  /** Leave it. Whether that is heard or not, the call is over for us; who is not heard of is out of it soon. */
  leave(): void {
    if (this.#peer === undefined) return;
    this.#room.ask({ type: "call.leave", room: this.#room.id }).catch(passed);
    this.#out();
  }

  /** Whoever was about to come in does not. */
  cancel(): void {
    if (this.phase.peek() === "coming") this.leave();
  }

  async turn(device: Device, on: boolean): Promise<void> {
    if (on) await device.on();
    else device.off();
  }

  emote(emoji: string): void {
    this.#room.emote(emoji).catch((fault: unknown) => (this.fault.value = fault));
  }

  /** Nobody looks at the room any more. */
  close(): void {
    this.leave();
    for (const stop of this.#stops) stop();
    for (const timer of this.#fading.values()) clearTimeout(timer);
  }

  // --- our place -----------------------------------------------------------------------------------------------------

  /** Take our place, or take it up again. */
  async #come(): Promise<void> {
    const peer = this.#peer;
    if (peer === undefined) return;
    const [mic, camera] = [this.#isOn(this.mic), this.#isOn(this.camera)];
    try {
      const command = { type: "call.join", room: this.#room.id, peer, mic, camera } as const;
      const { call, ice_servers: servers } = await this.#room.ask(command);
      if (this.#peer !== peer) return;
      this.#mesh?.reachBy(servers.map(reached));
      this.phase.value = "in";
      this.#know(newer(this.now.peek(), call));
      if (mic !== this.#isOn(this.mic) || camera !== this.#isOn(this.camera)) void this.#say();
    } catch (fault) {
      if (this.#peer !== peer) return;
      if (isMuted(fault) && (mic || camera)) this.#silence(fault);
      else {
        this.#out();
        this.fault.value = fault;
        return;
      }
      await this.#come();
    }
  }

  #out(): void {
    this.#peer = undefined;
    this.#mesh?.close();
    this.#mesh = undefined;
    this.#hush();
    this.phase.value = "out";
  }

  /** Who may not speak is heard and seen by nobody. */
  #silence(why: unknown): void {
    this.#hush();
    this.fault.value = why;
  }

  #hush(): void {
    this.mic.off();
    this.camera.off();
  }

  // --- what we send --------------------------------------------------------------------------------------------------

  #isOn(device: Device): boolean {
    return device.track.peek() !== null;
  }

  #send(kind: "audio" | "video", track: MediaStreamTrack | null): void {
    this.#mesh?.send(kind, track);
    if (this.phase.peek() === "in") void this.#say();
  }

  /** Say what is on. While that is on its way it may change: then it is said again. */
  async #say(): Promise<void> {
    if (this.#saying) return;
    this.#saying = true;
    try {
      let [mic, camera] = [false, false];
      do {
        [mic, camera] = [this.#isOn(this.mic), this.#isOn(this.camera)];
        await this.#room.ask({ type: "call.media", room: this.#room.id, mic, camera });
      } while (mic !== this.#isOn(this.mic) || camera !== this.#isOn(this.camera));
    } catch (fault) {
      if (isMuted(fault)) this.#silence(fault);
      // Whatever else it was, our place is to be taken anew, which says it, too; or we left.
    } finally {
      this.#saying = false;
    }
  }

  #tell(to: string, data: Signal): void {
    this.#room.ask({ type: "call.signal", room: this.#room.id, to, data }).catch(passed);
  }

  // --- what is heard -------------------------------------------------------------------------------------------------

  #heard(news: RoomNews): void {
    if (news.kind === "opened") {
      if (news.opened.call) this.#know(news.opened.call); // a store may have lost it: the versions begin anew
      void this.#come();
    } else if (news.kind === "ended") {
      if (this.#peer !== undefined) this.#out();
    } else if (news.kind === "event" && news.event.type === "member") {
      const { user, change } = news.event;
      if (user === this.me && change === "muted") this.#silence(new Failure("muted"));
    }
  }

  #told(news: News): void {
    if (!("room" in news) || news.room !== this.#room.id) return;
    switch (news.type) {
      case "call.joined":
      case "call.left":
      case "call.media":
        this.#change(news);
        break;
      case "call.state":
        this.#know(news.call);
        break;
      case "call.signal":
        if (news.peer === this.#peer) this.#mesh?.heard(news);
        break;
      case "call.ended":
        if (news.peer === this.#peer) this.#end(news.why);
        break;
      case "emote":
        this.#show(news.user, news.emoji);
        break;
    }
  }

  #change(change: CallChange): void {
    const next = after(this.now.peek(), change);
    if (next !== undefined) this.#know(next);
    else void this.#ask();
  }

  #know(call: CallNow): void {
    this.now.value = call;
    if (this.phase.peek() === "in") this.#mesh?.follow(call);
  }

  /** A change was missed. */
  async #ask(): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const call = await this.#room.ask({ type: "call.state", room: this.#room.id });
      this.#know(newer(this.now.peek(), call));
    } catch (fault) {
      passed(fault); // the next change asks again
    } finally {
      this.#asking = false;
    }
  }

  #end(why: CallEnded["why"]): void {
    if (why === "lost") {
      void this.#come();
      return;
    }
    this.#out();
    this.ended.value = why;
  }

  #show(user: string, emoji: string): void {
    clearTimeout(this.#fading.get(user));
    this.shown.value = new Map(this.shown.peek()).set(user, emoji);
    const fade = () => {
      const rest = new Map(this.shown.peek());
      rest.delete(user);
      this.shown.value = rest;
    };
    this.#fading.set(user, setTimeout(fade, EMOTE_SHOWN_MS));
  }
}

/** It was refused, and nothing follows: the room is closed, the other left, or it is said again by itself. */
function passed(fault: unknown): void {
  if (!(fault instanceof Failure)) throw fault;
}

function isMuted(fault: unknown): boolean {
  return fault instanceof Failure && fault.code === "muted";
}

function reached({ urls, username, credential }: IceServer): RTCIceServer {
  return {
    urls: [...urls],
    ...(username == null ? {} : { username }),
    ...(credential == null ? {} : { credential }),
  };
}
