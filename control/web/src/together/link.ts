/**
 * One peer of a call: the connection between its browser and ours, and what comes through it.
 *
 * Who came later offers (`offer`), the other answers, so that no two offer at once (RFC 8829). Both kinds of media have their
 * place from the beginning: turning a camera on or off changes what is sent there, and needs no word.
 */

import type { CallTell } from "../wire/socket.ts";

export type Signal = CallTell["data"];
export type Tracks = Readonly<Record<"audio" | "video", MediaStreamTrack | null>>;

/** How the connection is. `lost` may come back: it is offered anew. */
export type LinkState = "connecting" | "connected" | "lost";

const KINDS = ["audio", "video"] as const;
const STATES: Readonly<Record<RTCPeerConnectionState, LinkState>> = {
  new: "connecting",
  connecting: "connecting",
  connected: "connected",
  disconnected: "lost",
  failed: "lost",
  closed: "lost",
};

export interface LinkWishes {
  readonly iceServers: readonly RTCIceServer[];
  readonly tracks: Tracks;
  /** Carry a word to the peer; it may be lost. */
  readonly tell: (data: Signal) => void;
  readonly changed: () => void;
}

export class Link {
  /** What the peer sends. */
  readonly stream = new MediaStream();
  /** When something was last offered, by any steady clock; undefined when nothing was. */
  offeredAt: number | undefined;
  readonly #connection: RTCPeerConnection;
  readonly #tell: (data: Signal) => void;
  #tracks: Tracks;
  #early: RTCIceCandidateInit[] = [];
  /** What was heard is taken in one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor({ iceServers, tracks, tell, changed }: LinkWishes) {
    this.#tracks = tracks;
    this.#tell = tell;
    this.#connection = new RTCPeerConnection({ iceServers: [...iceServers] });
    this.#connection.onconnectionstatechange = changed;
    this.#connection.onicecandidate = ({ candidate }) => candidate && tell(told(candidate));
    this.#connection.ontrack = ({ track }) => {
      this.stream.addTrack(track);
      changed();
    };
  }

  get state(): LinkState {
    return STATES[this.#connection.connectionState];
  }

  /** Offer what we would send and take; `anew`: over other ways than before. */
  offer(now: number, anew: boolean = false): void {
    this.offeredAt = now;
    this.#then(async () => {
      const connection = this.#connection;
      if (connection.getTransceivers().length === 0) {
        for (const kind of KINDS) connection.addTransceiver(this.#tracks[kind] ?? kind);
      }
      await connection.setLocalDescription(await connection.createOffer({ iceRestart: anew }));
      this.#say("offer");
    });
  }

  /** The peer told us something. */
  heard(data: Signal): void {
    this.#then(async () => {
      if (data.kind === "candidate") await this.#candidate(data);
      else if (data.kind === "offer") await this.#answer(data.sdp);
      else if (this.#connection.signalingState === "have-local-offer") {
        await this.#connection.setRemoteDescription({ type: "answer", sdp: data.sdp });
        await this.#takeEarly();
      }
    });
  }

  /** Send this from now on. */
  send(kind: "audio" | "video", track: MediaStreamTrack | null): void {
    this.#tracks = { ...this.#tracks, [kind]: track };
    this.#then(() => this.#put(kind));
  }

  /** Newer servers to be reached by, for the next offer. */
  reachBy(iceServers: readonly RTCIceServer[]): void {
    this.#connection.setConfiguration({ iceServers: [...iceServers] });
  }

  close(): void {
    this.#connection.onconnectionstatechange = null;
    this.#connection.close();
  }

  async #answer(sdp: string): Promise<void> {
    await this.#connection.setRemoteDescription({ type: "offer", sdp });
    for (const transceiver of this.#connection.getTransceivers()) transceiver.direction = "sendrecv";
    for (const kind of KINDS) await this.#put(kind);
    await this.#takeEarly();
    await this.#connection.setLocalDescription(await this.#connection.createAnswer());
    this.#say("answer");
  }

  async #put(kind: "audio" | "video"): Promise<void> {
    const place = this.#connection.getTransceivers().find(({ receiver }) => receiver.track.kind === kind);
    await place?.sender.replaceTrack(this.#tracks[kind]);
  }

  async #candidate(data: Extract<Signal, { kind: "candidate" }>): Promise<void> {
    const candidate = {
      candidate: data.candidate,
      sdpMid: data.sdp_mid ?? null,
      sdpMLineIndex: data.sdp_line ?? null,
      usernameFragment: data.username_fragment ?? null,
    };
    if (this.#connection.remoteDescription === null) this.#early.push(candidate);
    else await this.#connection.addIceCandidate(candidate);
  }

  async #takeEarly(): Promise<void> {
    for (const candidate of this.#early.splice(0)) await this.#connection.addIceCandidate(candidate);
  }

  #say(kind: "offer" | "answer"): void {
    const sdp = this.#connection.localDescription?.sdp;
    if (sdp !== undefined) this.#tell({ kind, sdp });
  }

  /** What cannot be done, as with an address of an offer that was made anew since, is passed over: a lost peer is offered anew. */
  #then(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work).catch((fault: unknown) => {
      if (this.#connection.signalingState !== "closed") console.info("call:", fault);
    });
  }
}

function told({ candidate, sdpMid, sdpMLineIndex, usernameFragment }: RTCIceCandidate): Signal {
  return {
    kind: "candidate",
    candidate,
    sdp_mid: sdpMid,
    sdp_line: sdpMLineIndex,
    username_fragment: usernameFragment,
  };
}
