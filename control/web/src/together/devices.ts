/** This device's microphone and camera: turned on and off, chosen among several, and why they cannot be had. */

import { signal } from "@preact/signals";
import { keep, kept } from "../app/keeping.ts";

export type Kind = "audio" | "video";

/**
 * Why there is no picture or sound of ours: it was not allowed (`denied`), there is no such device (`missing`), another program
 * has it (`taken`), or browsers give none to a page that came without TLS (`insecure`).
 */
export type Lack = "denied" | "missing" | "taken" | "insecure";

const ABSENT: ReadonlySet<string> = new Set(["NotFoundError", "OverconstrainedError"]);
const FORBIDDEN: ReadonlySet<string> = new Set(["NotAllowedError", "SecurityError"]);
const WANTED = {
  audio: { echoCancellation: true, noiseSuppression: true },
  video: { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 24 } },
} as const;
const KEPT = { audio: "microphone", video: "camera" } as const;

/** One of the two. A track that ends by itself, as when a camera is unplugged, turns it off. */
export class Device {
  readonly track = signal<MediaStreamTrack | null>(null);
  readonly lack = signal<Lack | undefined>(undefined);
  readonly #kind: Kind;
  #turn = 0;

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  /** Turn it on; answers whether it is. */
  async on(): Promise<boolean> {
    if (this.track.peek() !== null) return true;
    const turn = ++this.#turn;
    const found = await take(this.#kind);
    if (turn !== this.#turn) {
      if (typeof found !== "string") found.stop(); // it was turned off meanwhile
      return false;
    }
    this.take(found);
    return this.track.peek() !== null;
  }

  /** Take that one from now on, and now if it is on. It is remembered; once it is gone, any other will do. */
  async choose(id: string): Promise<void> {
    keep(KEPT[this.#kind], id);
    const before = this.track.peek();
    if (before === null) return;
    const turn = ++this.#turn;
    let found = await take(this.#kind);
    if (found === "taken") {
      before.stop(); // some have only one at a time
      found = await take(this.#kind);
    }
    if (turn !== this.#turn) {
      if (typeof found !== "string") found.stop();
      return;
    }
    before.stop();
    if (typeof found === "string") this.off();
    this.take(found);
  }

  /** It was found out elsewhere: this is what there is of it. */
  take(found: MediaStreamTrack | Lack): void {
    this.#turn += 1;
    this.lack.value = typeof found === "string" ? found : undefined;
    if (typeof found === "string") return;
    found.onended = () => this.off();
    this.track.value = found;
  }

  /** Turn it off: its lamp goes out. */
  off(): void {
    this.#turn += 1;
    this.track.peek()?.stop();
    this.track.value = null;
  }
}

/**
 * Turn both on with one question to our person; each by itself where there is only one of them. What is granted once `isWanted`
 * says no is let go of.
 */
export async function takeBoth(
  mic: Device,
  camera: Device,
  wanted: { readonly mic: boolean; readonly camera: boolean },
  isWanted: () => boolean,
): Promise<void> {
  if (wanted.mic && wanted.camera && "mediaDevices" in navigator) {
    try {
      const stream = await streamOf(["audio", "video"]);
      if (!isWanted()) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      mic.take(stream.getAudioTracks()[0] ?? "missing");
      camera.take(stream.getVideoTracks()[0] ?? "missing");
      return;
    } catch (fault) {
      if (!isWanted()) return;
      if (lackOf(fault) === "denied") {
        for (const device of [mic, camera]) device.take("denied");
        return;
      }
    }
  }
  if (wanted.mic) await mic.on();
  if (wanted.camera && isWanted()) await camera.on();
}

/** From the devices that were chosen; from any, when one of them is not there. */
async function streamOf(kinds: readonly Kind[]): Promise<MediaStream> {
  const wanted = (wish: (kind: Kind) => MediaTrackConstraints) =>
    Object.fromEntries(kinds.map((kind) => [kind, wish(kind)]));
  try {
    return await navigator.mediaDevices.getUserMedia(wanted(chosen));
  } catch (fault) {
    if (!(fault instanceof Error && fault.name === "OverconstrainedError")) throw fault;
  }
  return navigator.mediaDevices.getUserMedia(wanted((kind) => WANTED[kind]));
}

function chosen(kind: Kind): MediaTrackConstraints {
  const id = kept(KEPT[kind]);
  return id === null ? WANTED[kind] : { ...WANTED[kind], deviceId: { exact: id } };
}

async function take(kind: Kind): Promise<MediaStreamTrack | Lack> {
  if (!("mediaDevices" in navigator)) return "insecure";
  try {
    const stream = await streamOf([kind]);
    return stream.getTracks()[0] ?? "missing";
  } catch (fault) {
    return lackOf(fault);
  }
}

/** What the browser's refusal means (Media Capture and Streams, 10.2). */
export function lackOf(fault: unknown): Lack {
  const name = fault instanceof Error ? fault.name : "";
  if (FORBIDDEN.has(name)) return "denied";
  return ABSENT.has(name) ? "missing" : "taken";
}
