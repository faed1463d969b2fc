"""One HTTP request at a time, JSON in and out, over Trio and h11: what a client needs of control, and no more.

Each request has a connection of its own and a deadline. Cancelling drops the connection; whether the request was carried
out is then unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import h11
import trio

from chatd.client.socket import Dial, dial_tcp
from common.units import KIB, MIB, SECONDS

PATIENCE: Final = 20 * SECONDS  # a log-in may wait its turn behind others
LARGEST_ANSWER: Final = 8 * MIB
_CHUNK: Final = 64 * KIB


class HttpUnavailable(Exception):
    """There was no answer: not reached, broken off, too late, or not HTTP."""


async def request(
    method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, dial: Dial = dial_tcp
) -> tuple[int, bytes]:
    """The status and body of the answer. Raises `HttpUnavailable`."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = {"host": parts.netloc.rpartition("@")[2], "connection": "close", **headers}
    if body is not None:
        head["content-length"] = str(len(body))
    message = h11.Request(method=method, target=target, headers=list(head.items()))
    try:
        with trio.fail_after(PATIENCE):
            stream = await dial(parts)
            try:
                return await _exchange(stream, message, body)
            finally:
                await trio.aclose_forcefully(stream)
    except (OSError, trio.BrokenResourceError, h11.RemoteProtocolError) as fault:
        raise HttpUnavailable(str(fault) or "the connection broke") from fault
    except trio.TooSlowError as fault:
        raise HttpUnavailable("no answer in time") from fault


async def _exchange(stream: trio.abc.Stream, message: h11.Request, body: bytes | None) -> tuple[int, bytes]:
    http = h11.Connection(h11.CLIENT)
    sent = http.send(message) + (http.send(h11.Data(body)) if body else b"") + http.send(h11.EndOfMessage())
    await stream.send_all(sent)
    status, answer = 0, bytearray()
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data(bytes(await stream.receive_some(_CHUNK)))
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            answer += event.data
            if len(answer) > LARGEST_ANSWER:
                raise HttpUnavailable("the answer is too large")
        elif isinstance(event, h11.EndOfMessage):
            return status, bytes(answer)
