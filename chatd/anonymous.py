"""Connections that have not said who they are yet, by the address they come from: of each address only so many.

Whoever is greeted, or gone, makes room for another. So one address that opens sockets and keeps silent holds so many of
them for as long as a hello may take, and nobody else waits for it. A proxy of ours is no address: whom it brings is
counted once the handshake has said who that is.
"""

from __future__ import annotations

import socket
from collections import Counter

from common.addresses import Trusted, client_address, is_trusted
from common.metrics import Counter as Metric

_refused = Metric(
    "madang_chatd_anonymous_refused_total",
    "Sockets refused because their address has too many without a hello.",
)


class Anonymous:
    """Those who are about to say who they are: at most `most` of one address."""

    def __init__(self, most: int, trusted: Trusted) -> None:
        self._most = most
        self._trusted = trusted
        self._addresses: dict[socket.socket, str] = {}
        self._counts: Counter[str] = Counter()

    def knock(self, sock: socket.socket, peer: str) -> bool:
        """Somebody connected; False when their address has too many. A proxy of ours has any number."""
        return is_trusted(peer, self._trusted) or self._enter(sock, peer)

    def introduce(self, sock: socket.socket, peer: str, forwarded_for: str) -> bool:
        """Whom a proxy of ours brings; False when their address has too many. Who came without one is counted already."""
        if sock in self._addresses:
            return True
        address = client_address(peer, forwarded_for, self._trusted)
        return is_trusted(address, self._trusted) or self._enter(sock, address)

    def _enter(self, sock: socket.socket, address: str) -> bool:
        if self._counts[address] >= self._most:
            _refused.inc()
            return False
        self._addresses[sock] = address
        self._counts[address] += 1
        return True

    def leave(self, sock: socket.socket) -> None:
        """They said who they are, or are gone; said twice, it counts once."""
        address = self._addresses.pop(sock, None)
        if address is not None:
            self._counts[address] -= 1
            if not self._counts[address]:
                del self._counts[address]
