"""Accepts sockets, no more at once than can be greeted, and gives each to a connection."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import Final

import trio

from chatd.connection import Connection
from chatd.services import Services
from common.clock import now_ms
from common.logs import get_logger
from common.metrics import Counter
from common.units import SECONDS

_log = get_logger(__name__)
_accepted = Counter("madang_chatd_accepted_total", "Sockets accepted.")
_turned_away = Counter(
    "madang_chatd_turned_away_total", "Sockets closed at once because the replica is full."
)

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


class Listener:
    """The accept loop. Connections live in a nursery of the caller, so that they outlive it while draining."""

    def __init__(self, services: Services, sock: socket.socket, nursery: trio.Nursery) -> None:
        self._services = services
        self._socket = sock
        self._nursery = nursery
        self._greeting = trio.Semaphore(services.settings.handshakes)

    async def run(self) -> None:
        """Accept until cancelled, then stop listening. Who knocks while too many are being greeted waits in the backlog."""
        try:
            while True:
                await self._greeting.acquire()
                self._nursery.start_soon(self._connection(await self._accept()).serve)
        finally:
            self._socket.close()

    async def _accept(self) -> socket.socket:
        while True:
            try:
                sock, _ = self._socket.accept()
            except BlockingIOError:
                await trio.lowlevel.wait_readable(self._socket)
            except OSError as fault:
                if fault.errno not in _OUT_OF_FILES:
                    continue  # that one peer is gone before it was accepted
                _log.error("cannot accept: out of files or memory", why=str(fault))
                await trio.sleep(0.2)
            else:
                _accepted.inc()
                if len(self._services.hub.connections) < self._services.settings.connections:
                    return sock
                _turn_away(sock)

    def _connection(self, sock: socket.socket) -> Connection:
        return Connection(sock, self._services, on_greeted=_once(self._greeting.release))


def _turn_away(sock: socket.socket) -> None:
    _turned_away.inc()
    with sock:
        sock.setblocking(False)
        sock.send(_FULL)


def _once(fn: Callable[[], None]) -> Callable[[], None]:
    done = False

    def call() -> None:
        nonlocal done
        if not done:
            done = True
            fn()

    return call


async def tick_all(services: Services) -> None:
    """Tell every connection about every second that time passed. One task, so that an idle connection costs none."""
    while True:
        await trio.sleep(1 * SECONDS)
        now, wall = trio.current_time(), now_ms()
        for index, connection in enumerate(list(services.hub.connections), 1):
            connection.tick(now, wall)
            if index % 1000 == 0:
                await trio.lowlevel.checkpoint()
