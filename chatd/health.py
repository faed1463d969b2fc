"""The private port: `/healthz` (the process lives), `/readyz` (it should get clients), `/metrics` (Prometheus).

Plain HTTP/1.1 over h11, one request a connection; for probes and scrapers, never for clients.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import h11
import msgspec
import trio

from common import metrics
from common.supervise import contained
from common.units import SECONDS

_PATIENCE: Final = 5 * SECONDS
_AT_ONCE: Final = 32

Readiness = Callable[[], Mapping[str, bool]]


async def serve_health(
    host: str,
    port: int,
    ready: Readiness,
    *,
    task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serve for ever. `ready` names what must hold for this replica to get clients, and whether it does."""
    slots = trio.CapacityLimiter(_AT_ONCE)

    async def handle(stream: trio.SocketStream) -> None:
        with contained("health"), trio.move_on_after(_PATIENCE):
            async with slots, stream:
                await _answer(stream, ready)

    listeners = await trio.open_tcp_listeners(port, host=host)
    task_status.started()
    await trio.serve_listeners(handle, listeners)


async def _answer(stream: trio.SocketStream, ready: Readiness) -> None:
    connection = h11.Connection(h11.SERVER)
    try:
        request = await _request(stream.receive_some, connection)
    except (h11.RemoteProtocolError, trio.BrokenResourceError):
        return
    if request is None:
        return
    status, kind, body = _respond(request.method, request.target.partition(b"?")[0], ready)
    head = h11.Response(
        status_code=status,
        headers=[("content-type", kind), ("content-length", str(len(body))), ("connection", "close")],
    )
    if request.method == b"HEAD":
        body = b""
    parts = [connection.send(head), connection.send(h11.Data(data=body)), connection.send(h11.EndOfMessage())]
    try:
        await stream.send_all(b"".join(part for part in parts if part))
    except trio.BrokenResourceError:
        return


async def _request(
    receive: Callable[[int], Awaitable[bytes | bytearray]], connection: h11.Connection
) -> h11.Request | None:
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Request):
            return event
        if event is not h11.NEED_DATA:
            return None
        connection.receive_data(bytes(await receive(4096)))


def _respond(method: bytes, path: bytes, ready: Readiness) -> tuple[int, str, bytes]:
    if method not in {b"GET", b"HEAD"}:
        return 405, "text/plain", b"GET only\n"
    match path:
        case b"/healthz":
            return 200, "text/plain", b"ok\n"
        case b"/readyz":
            states = dict(ready())
            return (200 if all(states.values()) else 503), "application/json", msgspec.json.encode(states)
        case b"/metrics":
            return 200, metrics.CONTENT_TYPE, metrics.render()
    return 404, "text/plain", b"/healthz /readyz /metrics\n"
