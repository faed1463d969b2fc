"""One WebSocket to a replica: opened under a deadline, read by one task, written by another, closed within a bound.

The only module that knows trio-websocket; what it and the network raise becomes a `Loss` here and nowhere else. A write
that was cut short poisons the stream (what follows would land inside the unfinished frame), so from then on the socket
is only dropped, never closed politely.
"""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Final
from urllib.parse import SplitResult, urlsplit

import h11
import trio
from trio_websocket import ConnectionClosed, ConnectionRejected, WebSocketConnection, wrap_client_stream
from wsproto.utilities import ProtocolError

from chatd.client.comeback import Loss
from common.disconnect import BY_CODE
from common.units import KIB, MIB, SECONDS

CONNECT_PATIENCE: Final = 10 * SECONDS
CLOSE_PATIENCE: Final = 1 * SECONDS
MAX_MESSAGE: Final = 4 * MIB  # a page of 100 events of 4,000 characters, every one of them escaped
READ_AHEAD: Final = 32  # messages between the library's reader and ours
RECEIVE_BYTES: Final = 16 * KIB

Dial = Callable[[SplitResult], Awaitable[trio.abc.Stream]]


class SocketLost(Exception):
    """The socket could not be opened, is gone, or is of no more use."""

    def __init__(self, loss: Loss) -> None:
        self.loss = loss
        super().__init__(loss.why)


class Socket:
    """Text frames in and out. Both ways raise `SocketLost` once it is gone."""

    def __init__(self, ws: WebSocketConnection) -> None:
        self._ws = ws
        self._writing = False

    async def receive(self) -> str | bytes:
        """The next message. Cancelling loses none."""
        try:
            message: str | bytes = await self._ws.get_message()
        except ConnectionClosed as closed:
            raise SocketLost(_closed(closed)) from closed
        return message

    async def send(self, frame: str) -> None:
        """Write one frame. By one task only; cancelling leaves a socket that can only be dropped."""
        self._writing = True
        try:
            await self._ws.send_message(frame)
        except (ConnectionClosed, ProtocolError) as closed:
            raise SocketLost(_closed(closed)) from closed
        self._writing = False

    async def close(self) -> None:
        """Say good-bye where that is possible. Returns within `CLOSE_PATIENCE`; the stream is not closed for sure."""
        if not self._writing:
            with trio.move_on_after(CLOSE_PATIENCE):
                await self._ws.aclose()


async def dial_tcp(url: SplitResult) -> trio.abc.Stream:
    """A TCP stream to the URL's host, under TLS for `wss`."""
    host = url.hostname or ""
    if url.scheme == "wss":
        return await trio.open_ssl_over_tcp_stream(
            host, url.port or 443, ssl_context=_tls(), https_compatible=True
        )
    return await trio.open_tcp_stream(host, url.port or 80)


async def converse(url: str, dial: Dial, talk: Callable[[Socket], Awaitable[Loss]]) -> Loss:
    """Connect, `talk` until it returns, close. Answers why it ended, which may be that it never began.

    Cancelling drops the socket without a word.
    """
    losses: list[Loss] = []
    try:
        async with trio.open_nursery() as nursery:
            losses.append(await _visit(nursery, urlsplit(url), dial, talk))
            nursery.cancel_scope.cancel()
    except* SocketLost as lost:
        losses.extend(fault.loss for fault in lost.exceptions if isinstance(fault, SocketLost))
    except* ConnectionRejected as refused:
        losses.extend(
            _rejected(fault) for fault in refused.exceptions if isinstance(fault, ConnectionRejected)
        )
    except* (
        ProtocolError,
        h11.ProtocolError,
    ) as broken:  # the library's own reader, when the peer is no WebSocket
        losses.append(Loss(f"the server broke the protocol: {broken.exceptions[0]}"))
    return losses[0]


async def _visit(
    nursery: trio.Nursery, url: SplitResult, dial: Dial, talk: Callable[[Socket], Awaitable[Loss]]
) -> Loss:
    try:
        with trio.fail_after(CONNECT_PATIENCE):
            stream = _Handshaking(await dial(url))
            try:
                ws = await _shake_hands(nursery, url, stream)
            except BaseException:
                await trio.aclose_forcefully(stream)
                raise
    except (OSError, trio.BrokenResourceError) as fault:
        raise SocketLost(Loss(f"cannot connect: {fault}")) from fault
    except trio.TooSlowError as fault:
        raise SocketLost(Loss("the server did not answer in time")) from fault
    try:
        socket = Socket(ws)
        loss = await talk(socket)
        await socket.close()
        return loss
    finally:
        await trio.aclose_forcefully(stream)


async def _shake_hands(nursery: trio.Nursery, url: SplitResult, stream: _Handshaking) -> WebSocketConnection:
    ws = await wrap_client_stream(
        nursery,
        stream,  # type: ignore[arg-type]  # any trio.abc.Stream does
        url.netloc.rpartition("@")[2],
        (url.path or "/") + (f"?{url.query}" if url.query else ""),
        message_queue_size=READ_AHEAD,
        max_message_size=MAX_MESSAGE,
        receive_buffer_size=RECEIVE_BYTES,
    )
    stream.shaking = False
    return ws


class _Handshaking(trio.abc.Stream):
    """A stream whose end during the handshake is an error: trio-websocket would wait for the answer for ever."""

    def __init__(self, stream: trio.abc.Stream) -> None:
        self._stream = stream
        self.shaking = True

    async def receive_some(self, max_bytes: int | None = None) -> bytes | bytearray:
        with self._whole():
            received = await self._stream.receive_some(max_bytes)
            if self.shaking and not received:
                raise trio.BrokenResourceError
            return received

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        with self._whole():
            await self._stream.send_all(data)

    @contextmanager
    def _whole(self) -> Iterator[None]:
        try:
            yield
        except trio.BrokenResourceError as broken:
            if self.shaking:
                raise SocketLost(Loss("the server hung up during the handshake")) from broken
            raise

    async def wait_send_all_might_not_block(self) -> None:
        await self._stream.wait_send_all_might_not_block()

    async def aclose(self) -> None:
        await self._stream.aclose()


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()  # one for all connections: it holds every root certificate


def _closed(fault: ConnectionClosed | ProtocolError) -> Loss:
    reason = fault.reason if isinstance(fault, ConnectionClosed) else None
    if reason is None:
        return Loss("the connection is closed")
    known = BY_CODE.get(reason.code)
    return Loss(known.en if known else reason.reason or f"the connection ended ({reason.code})", reason.code)


def _rejected(fault: ConnectionRejected) -> Loss:
    """401 and 403 will be said again; anything else is a replica or a proxy that cannot at this moment."""
    after = next(
        (value for name, value in fault.headers if name.lower() == b"retry-after" and value.isdigit()), b"0"
    )
    status = fault.status_code
    return Loss(
        f"the server refused the connection (HTTP {status})",
        after=float(after),
        forbidden=status in {401, 403},
    )
