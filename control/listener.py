"""Hypercorn's protocol under a listener of our own.

`hypercorn.trio.serve` runs every connection in one nursery, so whatever escapes from one ends them all; and something
does: a WebSocket handshake with a malformed key, among others, is answered twice. Here each connection has its boundary
(`contained`). Its writes are shielded without a deadline, too, so a client that stops reading would outlive every
patience; here the kernel gives up on it after `_STUCK`, and shutdown closes what is left under it.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import trio
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.config import Config
from hypercorn.trio.tcp_server import TCPServer
from hypercorn.trio.worker_context import WorkerContext
from hypercorn.typing import ASGIFramework, ConnectionState

from common.supervise import contained
from common.units import SECONDS, to_ms

_STUCK: Final = 30 * SECONDS
_BACKLOG: Final = 1024


async def serve_http(
    app: ASGIFramework,
    config: Config,
    *,
    host: str,
    port: int,
    stop: Callable[[], Awaitable[None]],
    finish: float,
    task_status: trio.TaskStatus[str] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve `app` until `stop` returns; then accept no more, and give requests under way `finish` seconds.

    Started once it listens, with its address as a URL. Idle connections are closed as soon as it stops accepting.
    Cancelled, it closes everything at once.
    """
    connections = _Connections(app, config)
    async with trio.open_nursery() as nursery:
        async with trio.open_nursery() as accepting:
            listeners = await trio.open_tcp_listeners(port, host=host, backlog=_BACKLOG)
            serving = partial(trio.serve_listeners, connections.handle, listeners, handler_nursery=nursery)
            await accepting.start(serving)
            task_status.started(_url(listeners[0]))
            await stop()
            accepting.cancel_scope.cancel()
        await connections.context.terminated.set()
        nursery.start_soon(connections.close_after, finish, nursery.cancel_scope)


class _Connections:
    """The connections of one server."""

    def __init__(self, app: ASGIFramework, config: Config) -> None:
        self.context = WorkerContext(None)
        self._app = ASGIWrapper(app)
        self._config = config
        self._open: set[trio.SocketStream] = set()
        self._last = trio.Event()

    async def handle(self, stream: trio.SocketStream) -> None:
        """One connection, from its first byte to its last."""
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, to_ms(_STUCK))
        self._open.add(stream)
        try:
            with contained("http"):
                await TCPServer(self._app, self._config, self.context, ConnectionState({}), stream)  # type: ignore[arg-type]
        finally:
            self._open.discard(stream)
            stream.socket.close()
            if not self._open:
                self._last.set()

    async def close_after(self, seconds: float, scope: trio.CancelScope) -> None:
        """Wait for the last connection, at most `seconds`; then cancel what is left, and close its sockets."""
        with trio.move_on_after(seconds):
            while self._open:
                self._last = trio.Event()
                await self._last.wait()
        scope.cancel()
        for stream in list(self._open):
            stream.socket.close()  # wakes a shielded write, which nothing else does


def _url(listener: trio.SocketListener) -> str:
    host, port = listener.socket.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
