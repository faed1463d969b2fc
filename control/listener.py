"""HTTP/1.1 on a port: Hypercorn's protocol under connections of our own.

`hypercorn.trio.serve` runs every connection in one nursery, so whatever escapes from one ends them all; and a WebSocket
handshake with a malformed key is enough. Its writes are shielded without a deadline, so a client that stops reading
outlives every patience. And it closes with a reset under whatever was not read yet, which swallows the answer that says
why. So here each connection has its boundary (`contained`), a write has a deadline, an end lingers, and what we do not
speak (WebSocket, HTTP/2, TLS: a proxy's business) is not there to be reached. There are at most so many connections
(`crowd.py`), and what cannot even be read is refused with a problem, like everything else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Final

import h11
import trio
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.config import Config
from hypercorn.events import Closed, Event, RawData, Updated
from hypercorn.protocol.events import Event as StreamEvent
from hypercorn.protocol.events import Response
from hypercorn.protocol.h11 import H11Protocol
from hypercorn.trio.task_group import TaskGroup
from hypercorn.trio.worker_context import TrioSingleTask, WorkerContext
from hypercorn.typing import ASGIFramework, ConnectionState

from common.errors import MadangError
from common.supervise import contained
from common.units import KIB, SECONDS
from control.crowd import Crowd
from control.problems import unasked

_STUCK: Final = 30 * SECONDS  # how long one write may wait for its reader
_LINGER: Final = 2 * SECONDS  # how long what still comes in is thrown away, so that the last answer arrives
_BACKLOG: Final = 1024
_CHUNK: Final = 64 * KIB
_GONE: Final = (trio.BrokenResourceError, trio.ClosedResourceError, trio.TooSlowError)
_UPGRADES: Final = frozenset({b"upgrade", b"http2-settings"})


async def listen(host: str, port: int) -> list[trio.SocketListener]:
    """Sockets that listen, to be served. Raises OSError when they cannot."""
    return await trio.open_tcp_listeners(port, host=host, backlog=_BACKLOG)


async def serve_http(
    app: ASGIFramework,
    config: Config,
    *,
    listeners: list[trio.SocketListener],
    stop: Callable[[], Awaitable[None]],
    finish: float,
    most: int,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve `app` until `stop` returns; then accept no more, and give requests under way `finish` seconds.

    There are at most `most` connections. Started once it accepts. Idle connections are closed as soon as it stops
    accepting. Cancelled, it closes everything at once.
    """
    context, crowd = WorkerContext(None), Crowd(most)

    async def handle(stream: trio.SocketStream) -> None:
        connection = _Connection(ASGIWrapper(app), config, context, crowd, stream)
        with contained("http"):
            if crowd.enter(connection):
                try:
                    await connection.run()
                finally:
                    crowd.leave(connection)
            else:
                with crowd.at_the_door() as in_time:
                    await _turn_away(stream, in_time=in_time)

    async with trio.open_nursery() as connections:
        async with trio.open_nursery() as accepting:
            await accepting.start(
                partial(trio.serve_listeners, handle, listeners, handler_nursery=connections)
            )
            task_status.started()
            await stop()
            accepting.cancel_scope.cancel()
        await context.terminated.set()
        connections.cancel_scope.deadline = trio.current_time() + finish


async def _turn_away(stream: trio.SocketStream, *, in_time: bool) -> None:
    """Say that there is no room, and when to come back; listen on until that is read, for a moment at most."""
    async with stream:
        if not in_time:
            return
        status, headers, body = unasked(MadangError("overloaded", retry_after_ms=1000))
        machine = h11.Connection(h11.SERVER)
        said = machine.send(h11.Response(status_code=status, headers=headers)) or b""
        said += machine.send(h11.Data(data=body)) or b""
        with trio.move_on_after(_LINGER), suppress(*_GONE):
            await stream.send_all(said)
            await stream.send_eof()
            while await stream.receive_some(_CHUNK):
                pass


class _Http11(H11Protocol):
    """HTTP/1.1 alone. An Upgrade is ignored, as RFC 9110 §7.8 lets a server do."""

    async def _check_protocol(self, event: h11.Request) -> None:
        """Nothing to check: there is no other protocol to change to."""

    async def stream_send(self, event: StreamEvent) -> None:
        """An answer that comes before its request is whole is the connection's last, and says so: what still comes in is
        thrown away, and a client that did not know would send its next request after it (RFC 9112 §9.6)."""
        if isinstance(event, Response) and self.connection.their_state is h11.SEND_BODY:
            event = replace(event, headers=[*event.headers, (b"connection", b"close")])
        await super().stream_send(event)

    async def _send_error_response(self, status_code: int) -> None:
        """What could not be read, or is too long to be."""
        code = (
            "headers_too_large" if status_code == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE else "malformed"
        )
        status, headers, body = unasked(MadangError(code))
        await self._send_h11_event(h11.Response(status_code=status, headers=headers))
        await self._send_h11_event(h11.Data(data=body))
        await self._send_h11_event(h11.EndOfMessage())

    async def _create_stream(self, request: h11.Request) -> None:
        headers = [(name, value) for name, value in request.headers if name not in _UPGRADES]
        await super()._create_stream(
            h11.Request(
                method=request.method,
                target=_origin_form(request.target),
                headers=headers,
                http_version=request.http_version,
            )
        )


class _Connection:
    """One connection: bytes in, through the protocol, bytes out."""

    def __init__(
        self,
        app: ASGIWrapper,
        config: Config,
        context: WorkerContext,
        crowd: Crowd,
        stream: trio.SocketStream,
    ) -> None:
        self._app = app
        self._config = config
        self._context = context
        self._crowd = crowd
        self._stream = stream
        self._sending = trio.Lock()
        self._idle = TrioSingleTask()
        self._closing = False
        self._hung_up = trio.Event()

    async def run(self) -> None:
        """From the first byte to the last. The stream is closed when this returns or raises."""
        async with self._stream, TaskGroup() as self._tasks:
            self._protocol = _Http11(
                self._app,
                self._config,
                self._context,
                self._tasks,
                ConnectionState({}),
                False,  # no TLS
                self._stream.socket.getpeername()[:2],
                self._stream.socket.getsockname()[:2],
                self._act,
            )
            await self._idle.restart(self._tasks, self._expire)
            await self._read()
            self._hung_up.set()
            await self._protocol.handle(Closed())
            await self._idle.stop()

    async def _read(self) -> None:
        """Until the client is done; once we are, what it still sends is thrown away."""
        try:
            while data := await self._stream.receive_some(_CHUNK):
                if not self._closing:
                    await self._protocol.handle(RawData(data))
        except _GONE:
            return

    async def _act(self, event: Event) -> None:
        """What the protocol asks for."""
        match event:
            case RawData():
                await self._write(event.data)
            case Closed():
                await self._close()
            case Updated(idle=True):
                self._crowd.rests(self)
                await self._idle.restart(self._tasks, self._expire)
            case Updated():
                self._crowd.asks(self)
                await self._idle.stop()

    async def _write(self, data: bytes) -> None:
        """A write that is cut short ends the connection: what followed would land inside the unfinished answer."""
        async with self._sending:
            try:
                with trio.fail_after(_STUCK):
                    await self._stream.send_all(data)
            except _GONE:
                self._stream.socket.close()
            except trio.Cancelled:
                self._stream.socket.close()
                raise

    async def _close(self) -> None:
        """Say that we are done, and listen on for a moment: a reset could overtake our last words (RFC 9112 §9.6)."""
        if self._closing:
            return
        self._closing = True
        await self._idle.stop()
        try:
            await self._stream.send_eof()
        except _GONE:
            self._stream.socket.close()
        self._tasks.spawn(self._linger)
        await self._protocol.handle(Closed())

    async def _linger(self) -> None:
        with trio.move_on_after(_LINGER):
            await self._hung_up.wait()
        self._stream.socket.close()

    async def _expire(self) -> None:
        """Close an idle connection after its time, or when the server stops."""
        with trio.move_on_after(self._config.keep_alive_timeout):
            await self._context.terminated.wait()
        self.make_room()

    def make_room(self) -> None:
        """Close at once; nothing is being asked."""
        self._closing = True
        self._stream.socket.close()


def _origin_form(target: bytes) -> bytes:
    """The path and query of a request target, which may come as a whole URL (RFC 9112 §3.2.2)."""
    _, is_absolute, rest = target.partition(b"://")
    path = rest[rest.find(b"/") :] if is_absolute and b"/" in rest else b"" if is_absolute else target
    return path if path.startswith(b"/") else b"/" + path


def url_of(listener: trio.SocketListener) -> str:
    """Where `listener` is reached."""
    host, port = listener.socket.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
