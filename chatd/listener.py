"""Accepts sockets, no more at once than can be greeted, and gives each to a connection.

A herd that comes back at once is let in a hundred at a time, first come, first served, and a place is free again when
somebody has their rooms back: so those who are let in are at home soon, and those who were in all the while are served in
between. Who is slow about it (or silent, or hostile) holds up the others for a moment only.
"""

from __future__ import annotations

import errno
import socket
from contextlib import suppress
from functools import partial
from typing import Final

import trio

from chatd.connection import Connection
from chatd.services import Services
from common.clock import now_ms
from common.logs import get_logger
from common.metrics import Counter
from common.units import KIB, MILLISECONDS, SECONDS

_log = get_logger(__name__)
_accepted = Counter("madang_chatd_accepted_total", "Sockets accepted.")
_turned_away = Counter(
    "madang_chatd_turned_away_total", "Sockets closed at once because the replica, or their address, is full."
)

PROMPT: Final = 500 * MILLISECONDS  # to be greeted in, before others need not wait any more
_BACKLOG: Final = 4096
_FULL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
)
_OUT_OF_FILES: Final = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)


def open_listener(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 lets the system choose. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    listener.setblocking(False)
    return listener


class Greeting:
    """Those who are being greeted: at most so many, not counting the slow."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._since: dict[socket.socket, float] = {}  # the longest waiting first
        self._done = trio.lowlevel.ParkingLot()

    async def slot(self) -> None:
        """Return when one more may be greeted."""
        await trio.lowlevel.checkpoint()
        while len(self._since) >= self._most:
            slowest, since = next(iter(self._since.items()))
            with trio.move_on_at(since + PROMPT) as patience:
                await self._done.park()
            if patience.cancelled_caught:
                self._since.pop(slowest, None)

    def begin(self, sock: socket.socket) -> None:
        """Greet one more."""
        self._since[sock] = trio.current_time()

    def end(self, sock: socket.socket) -> None:
        """It was greeted, or is gone."""
        if self._since.pop(sock, None) is not None:
            self._done.unpark()


class Listener:
    """The accept loop. Connections live in a nursery of the caller, so that they outlive it while draining."""

    def __init__(self, services: Services, sock: socket.socket, nursery: trio.Nursery) -> None:
        self._services = services
        self._socket = sock
        self._nursery = nursery
        self._greeting = Greeting(services.settings.handshakes)

    async def run(self) -> None:
        """Accept until cancelled, then stop listening. Who knocks while too many are being greeted waits in the backlog."""
        try:
            while True:
                await self._greeting.slot()
                sock, peer = await self._accept()
                self._greeting.begin(sock)
                done = partial(self._greeted, sock)
                self._nursery.start_soon(Connection(sock, self._services, peer=peer, on_greeted=done).serve)
        finally:
            self._socket.close()

    def _greeted(self, sock: socket.socket) -> None:
        self._greeting.end(sock)
        self._services.anonymous.leave(sock)

    async def _accept(self) -> tuple[socket.socket, str]:
        while True:
            try:
                sock, address = self._socket.accept()
            except BlockingIOError:
                await trio.lowlevel.wait_readable(self._socket)
            except OSError as fault:
                if fault.errno not in _OUT_OF_FILES:
                    await trio.lowlevel.checkpoint()
                    continue  # that one peer is gone before it was accepted
                _log.error("cannot accept: out of files or memory", why=str(fault))
                await trio.sleep(0.2)
            else:
                _accepted.inc()
                peer: str = address[0]
                full = len(self._nursery.child_tasks) >= self._services.settings.connections
                if not full and self._services.anonymous.knock(sock, peer):
                    return sock, peer
                _turn_away(sock)
                await trio.lowlevel.checkpoint()


def _turn_away(sock: socket.socket) -> None:
    _turned_away.inc()
    with sock, suppress(OSError):  # it may be gone already
        sock.setblocking(False)
        sock.send(_FULL)
        sock.shutdown(socket.SHUT_WR)
        sock.recv(64 * KIB)  # closing with something unread would take the answer back


async def tick_all(services: Services) -> None:
    """Tell every connection about every second that time passed. One task, so that an idle connection costs none."""
    while True:
        await trio.sleep(1 * SECONDS)
        now, wall = trio.current_time(), now_ms()
        for index, connection in enumerate(list(services.hub.connections), 1):
            connection.tick(now, wall)
            if index % 1000 == 0:
                await trio.lowlevel.checkpoint()
