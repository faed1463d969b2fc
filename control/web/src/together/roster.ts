/** Who is in a room's call, as its changes tell: their versions follow one another. Pure. */

import type { CallJoined, CallLeft, CallMedia, CallNow, CallPeer } from "../wire/socket.ts";

export type CallChange = CallJoined | CallLeft | CallMedia;

export const NOBODY: CallNow = { version: 0, peers: [] };

/**
 * The call once `change` happened; undefined when something before it was missed, and the call is to be asked for. The first
 * to come in and the last to leave leave nothing to ask.
 */
export function after(call: CallNow, change: CallChange): CallNow | undefined {
  const { version, count } = change;
  if (version <= call.version) return call;
  const isWhole = version === call.version + 1;
  if (change.type === "call.joined" && (isWhole || count === 1)) {
    const others = count > 1 ? call.peers.filter(({ peer }) => peer !== change.peer) : [];
    return { version, peers: inOrder([...others, peerOf(change)]) };
  }
  if (change.type === "call.left" && (isWhole || count === 0)) {
    return { version, peers: count > 0 ? call.peers.filter(({ peer }) => peer !== change.peer) : [] };
  }
  if (change.type === "call.media" && isWhole && call.peers.some(({ peer }) => peer === change.peer)) {
    const { mic, camera } = change;
    return {
      version,
      peers: call.peers.map((each) => (each.peer === change.peer ? { ...each, mic, camera } : each)),
    };
  }
  return undefined;
}

/** The later of two tellings. */
export function newer(known: CallNow, told: CallNow): CallNow {
  return told.version >= known.version ? told : known;
}

/** Whether `one` came after `other`: who came later offers, so that no two do at once. */
export function isLater({ peers }: CallNow, one: string, other: string): boolean {
  const place = (wanted: string) => peers.findIndex(({ peer }) => peer === wanted);
  return place(one) > place(other);
}

function peerOf({ peer, user, mic, camera, at }: CallJoined): CallPeer {
  return { peer, user, mic, camera, joined_at: at };
}

function inOrder(peers: readonly CallPeer[]): readonly CallPeer[] {
  return [...peers].sort((a, b) => a.joined_at - b.joined_at || (a.peer < b.peer ? -1 : 1));
}
