/** One connection's times: what was heard when, what is due when. Pure; made anew for each connection. */

import type { Command, Welcome } from "../wire/socket.ts";
import type { Random } from "./comeback.ts";

/** From the handshake to `welcome`. */
export const HELLO_PATIENCE_MS = 15_000;
/** Past two heartbeats without a frame the server is gone. */
export const SILENCE_GRACE_MS = 5_000;
/** How long the answer to a probe may take. */
export const PROBE_PATIENCE_MS = 5_000;
/** Of a token's life, at random: tokens made together are not renewed together. */
const RENEW_AT = [0.7, 0.85] as const;
/** The id of the question whether the server is there. */
export const HEARTBEAT = "heartbeat";

export class Link {
  /** What is said on this connection or never: the hello, heartbeats, that somebody types. */
  outbox: Command[];
  heardAt: number;
  welcomeAt: number | undefined;
  heartbeatMs = Infinity;
  /** When we last asked for the server's time. */
  askedAt: number;
  /** Whether we asked since we last heard of it. */
  pinged = false;
  probeUntil = Infinity;
  renewAt = Infinity;
  renewing = false;
  leaveAt = Infinity;

  constructor(hello: Command, now: number) {
    this.outbox = [hello];
    this.heardAt = now;
    this.askedAt = now;
  }

  /** A frame came, whatever it was: the server is there. */
  heard(now: number): void {
    this.heardAt = now;
    this.pinged = false;
    this.probeUntil = Infinity;
  }

  /** The server knows us: its heartbeat is known from here on. */
  welcomed(welcome: Welcome, now: number, random: Random): void {
    this.welcomeAt = now;
    this.heartbeatMs = welcome.heartbeat_ms;
    this.tokenLives(welcome.expires_at - welcome.now, now, random);
  }

  /** The token lives so long from now: plan its renewal. */
  tokenLives(lifeMs: number, now: number, random: Random): void {
    this.renewing = false;
    const [from, to] = RENEW_AT;
    this.renewAt = now + Math.max(0, lifeMs) * (from + (to - from) * random());
  }

  /** Ask at once whether the server is there, with little patience: the machine slept, or the network came back. */
  probe(now: number): void {
    if (this.welcomeAt === undefined || this.probeUntil !== Infinity) return;
    this.ping(now);
    this.probeUntil = now + PROBE_PATIENCE_MS;
  }

  ping(now: number): void {
    this.pinged = true;
    this.askedAt = now;
    this.outbox.push({ type: "ping", id: HEARTBEAT });
  }

  /** When the server's silence means that it is gone. */
  get silentAt(): number {
    if (this.welcomeAt === undefined) return this.heardAt + HELLO_PATIENCE_MS;
    return Math.min(this.probeUntil, this.heardAt + 2 * this.heartbeatMs + SILENCE_GRACE_MS);
  }

  /** When silence is long enough to ask whether the server is there; infinity once asked. */
  get pingAt(): number {
    return this.pinged ? Infinity : this.heardAt + this.heartbeatMs;
  }

  /** The nearest of this connection's own times. */
  get deadline(): number {
    const renewAt = this.renewing ? Infinity : this.renewAt;
    return Math.min(this.silentAt, this.pingAt, renewAt, this.leaveAt);
  }
}
