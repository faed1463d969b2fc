"""A room's call as somebody who is told of its changes knows it. Replicas and clients hold it alike.

The book in Redis says who is in a call and numbers its changes; each is told with its `version` and how many peers there
are after it (`count`). News may be lost, and may come again: a change is applied when it follows what is known, passed
over when it is known already, and when something before it is missing the call has to be asked for. Two changes leave
nothing to ask: the first to come in, and the last to leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from common import protocol


class Call(NamedTuple):
    """Who is in a call after its change `version`: peers by id, in the order in which they came."""

    version: int = 0
    peers: Mapping[str, protocol.CallPeer] = {}

    @classmethod
    def of(cls, version: int, peers: Iterable[protocol.CallPeer]) -> Call:
        """The call with these peers, given in any order."""
        ordered = sorted(peers, key=lambda each: (each.joined_at, each.peer))
        return cls(version, {each.peer: each for each in ordered})

    def after(self, change: protocol.AnyCallChange) -> Call | None:
        """The call once `change` happened; None when something before it was missed."""
        if change.version <= self.version:
            return self
        is_whole = change.version == self.version + 1
        match change:
            case protocol.CallJoined() if is_whole or change.count == 1:
                others = self.peers.values() if change.count > 1 else ()
                return Call.of(change.version, [*others, peer_of(change)])
            case protocol.CallLeft() if is_whole or change.count == 0:
                others = self.peers.values() if change.count else ()
                return Call.of(change.version, [each for each in others if each.peer != change.peer])
            case protocol.CallMedia() if is_whole and (peer := self.peers.get(change.peer)):
                changed = msgspec.structs.replace(peer, mic=change.mic, camera=change.camera)
                return Call(change.version, {**self.peers, change.peer: changed})
        return None

    def told(self) -> protocol.CallNow:
        """The call as people are told of it."""
        return protocol.CallNow(version=self.version, peers=list(self.peers.values()))


def call_of(state: protocol.CallNow) -> Call:
    """The call that somebody was told of, to go on with."""
    return Call.of(state.version, state.peers)


def peer_of(change: protocol.CallJoined) -> protocol.CallPeer:
    """The peer that came in."""
    return protocol.CallPeer(
        peer=change.peer, user=change.user, mic=change.mic, camera=change.camera, joined_at=change.at
    )
