/** Every peer of a call, each by a link of its own: who is to be offered something, when, and what became of it. */

import type { CallNow, CallSignal } from "../wire/socket.ts";
import { Link, type LinkState, type Signal, type Tracks } from "./link.ts";
import { isLater } from "./roster.ts";

/** What was offered and not answered by then is offered anew. */
const PATIENCE_MS = 8_000;
const LOOK_EVERY_MS = 2_000;

/** A peer as it can be seen and heard. */
export interface Seen {
  readonly stream: MediaStream;
  readonly state: LinkState;
}

interface MeshWishes {
  readonly me: string;
  readonly tell: (to: string, data: Signal) => void;
  readonly changed: (seen: ReadonlyMap<string, Seen>) => void;
}

export class Mesh {
  readonly #wishes: MeshWishes;
  readonly #links = new Map<string, Link>();
  readonly #timer: ReturnType<typeof setInterval>;
  #iceServers: readonly RTCIceServer[] = [];
  #tracks: Tracks = { audio: null, video: null };
  #call: CallNow = { version: 0, peers: [] };

  constructor(wishes: MeshWishes) {
    this.#wishes = wishes;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** Where to be found through. */
  reachBy(iceServers: readonly RTCIceServer[]): void {
    this.#iceServers = iceServers;
    for (const link of this.#links.values()) link.reachBy(iceServers);
  }

  /** Who is in the call now. Who left it is let go of. */
  follow(call: CallNow): void {
    const there = new Set(call.peers.map(({ peer }) => peer));
    for (const { peer } of this.#call.peers) if (!there.has(peer)) this.#drop(peer);
    this.#call = call;
    this.#look();
    this.#tell();
  }

  heard({ from_peer: from, data }: CallSignal): void {
    (this.#links.get(from) ?? this.#link(from)).heard(data);
  }

  send(kind: "audio" | "video", track: MediaStreamTrack | null): void {
    this.#tracks = { ...this.#tracks, [kind]: track };
    for (const link of this.#links.values()) link.send(kind, track);
  }

  close(): void {
    clearInterval(this.#timer);
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
    this.#tell();
  }

  /** Offer to those who came before us, and anew to those who did not answer or were lost. */
  #look(): void {
    const now = performance.now();
    for (const { peer } of this.#call.peers) {
      if (peer === this.#wishes.me || !isLater(this.#call, this.#wishes.me, peer)) continue;
      const link = this.#links.get(peer) ?? this.#link(peer);
      const { state, offeredAt } = link;
      if (offeredAt === undefined && state !== "connected") link.offer(now);
      else if (state !== "connected" && now - (offeredAt ?? now) > PATIENCE_MS) link.offer(now, true);
    }
  }

  #link(peer: string): Link {
    const link = new Link({
      iceServers: this.#iceServers,
      tracks: this.#tracks,
      tell: (data) => this.#wishes.tell(peer, data),
      changed: () => this.#tell(),
    });
    this.#links.set(peer, link);
    return link;
  }

  #drop(peer: string): void {
    this.#links.get(peer)?.close();
    this.#links.delete(peer);
  }

  #tell(): void {
    this.#wishes.changed(
      new Map([...this.#links].map(([peer, { stream, state }]) => [peer, { stream, state }])),
    );
  }
}
