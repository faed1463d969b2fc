"""The HTTP listener against peers that mean harm or merely hang, without a store in sight."""

from __future__ import annotations

import socket
import struct
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
import pytest
import trio
from hypercorn.config import Config
from hypercorn.events import Event, RawData
from hypercorn.protocol.h11 import H11Protocol
from quart_trio import QuartTrio
from trio.testing import MockClock, wait_all_tasks_blocked

from control.asgi import HttpConnection
from control.listener import listen, serve_http
from control.serving import http_config
from tests.support.control import PATIENCE

GET = b"GET /small HTTP/1.1\r\nhost: a\r\n\r\n"
HANDSHAKE = (
    b"GET /small HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
    b"sec-websocket-version: 13\r\nsec-websocket-key: %s\r\n\r\n"
)


@dataclass
class Server:
    """A server of three views, and what happened in them."""

    port: int = 0
    asked_to_stop: trio.Event = field(default_factory=trio.Event)
    stopped: trio.Event = field(default_factory=trio.Event)
    waiting: trio.Event = field(default_factory=trio.Event)
    go_on: trio.Event = field(default_factory=trio.Event)
    cancelled: trio.Event = field(default_factory=trio.Event)

    async def connect(self) -> trio.SocketStream:
        return await trio.open_tcp_stream("127.0.0.1", self.port)

    async def ask_slowly(self) -> trio.SocketStream:
        """A connection whose request is under way."""
        self.waiting = trio.Event()
        stream = await self.connect()
        await stream.send_all(GET.replace(b"small", b"slow"))
        await self.waiting.wait()
        return stream

    async def answers(self) -> bool:
        """Whether somebody new is served."""
        async with await self.connect() as stream:
            await stream.send_all(GET)
            return (await stream.receive_some()).startswith(b"HTTP/1.1 200")

    def app(self) -> QuartTrio:
        app = QuartTrio("test", static_folder=None)
        app.asgi_http_class = HttpConnection

        @app.get("/small")
        async def small() -> str:
            return "small"

        @app.get("/large")
        async def large() -> bytes:
            return bytes(64 * 1024 * 1024)

        @app.get("/slow")
        async def slow() -> str:
            self.waiting.set()
            try:
                await self.go_on.wait()
            except trio.Cancelled:
                self.cancelled.set()
                raise
            return "finished"

        return app


@asynccontextmanager
async def serving(
    *, finish: float = 5, config: Config | None = None, most: int = 100
) -> AsyncIterator[Server]:
    server, listeners = Server(), await listen("127.0.0.1", 0)
    server.port = listeners[0].socket.getsockname()[1]

    async def serve(task_status: trio.TaskStatus[None]) -> None:
        await serve_http(
            server.app(),
            config or http_config(),
            listeners=listeners,
            stop=server.asked_to_stop.wait,
            finish=finish,
            most=most,
            task_status=task_status,
        )
        server.stopped.set()

    with trio.fail_after(PATIENCE):
        async with trio.open_nursery() as nursery:
            await nursery.start(serve)
            yield server
            server.asked_to_stop.set()


async def until_said(stream: trio.SocketStream, last: bytes) -> bytes:
    """What comes until it ends with `last`."""
    said = b""
    while not said.endswith(last):
        part = await stream.receive_some()
        assert part, said
        said += part
    return said


NONSENSE = [
    b"\x00\xff\xfe\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    GET + b"garbage" * 10,
    b"POST /small HTTP/1.1\r\nhost: a\r\ncontent-length: -5\r\n\r\n",
    b"POST /small HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n12345",
    b"POST /small HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n",
    HANDSHAKE % b"aaaa",
    HANDSHAKE % b"dGhlIHNhbXBsZSBub25jZQ==" + b"\x81\x85aaaabcdef",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(range(256)),
    GET.replace(b"\r\n\r\n", b"\r\nconnection: upgrade\r\nupgrade: h2c\r\nhttp2-settings: !!!!\r\n\r\n"),
    b"GET http://[::1 HTTP/1.1\r\nhost: a\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nhost: a\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\nhost: \xff\xfe\r\n\r\n",
    GET.replace(b"\r\n\r\n", b"\r\nx: " + b"a" * 100_000 + b"\r\n\r\n"),
]


@pytest.mark.parametrize("ending", ["close", "reset", "half"])
async def test_what_one_peer_sends_ends_nobody_else(ending: str) -> None:
    """A handshake with a malformed key ended every connection of the process."""
    async with serving() as server:
        for sent in NONSENSE:
            for part in (sent, sent[: len(sent) // 2]):
                stream = await server.connect()
                await stream.send_all(part)
                if ending == "half":
                    await stream.send_eof()
                if ending == "reset":
                    stream.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                await stream.aclose()
                assert await server.answers(), sent


async def test_a_bug_in_one_connection_ends_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    handle = H11Protocol.handle

    async def fails(self: H11Protocol, event: Event) -> None:
        if isinstance(event, RawData) and event.data.startswith(b"BUG"):
            raise RuntimeError("a bug")
        await handle(self, event)

    monkeypatch.setattr(H11Protocol, "handle", fails)
    async with serving() as server, await server.connect() as neighbour, await server.connect() as stream:
        await stream.send_all(b"BUG")
        assert await stream.receive_some() == b""
        await neighbour.send_all(GET)
        assert (await neighbour.receive_some()).startswith(b"HTTP/1.1 200")


async def test_an_idle_connection_does_not_hold_up_the_end() -> None:
    """It did, in full: the call that made it idle again was cancelled by its own end."""
    async with serving(finish=60) as server, await server.connect() as stream:
        for _ in range(2):
            await stream.send_all(GET)
            await stream.receive_some()
        server.asked_to_stop.set()
        await server.stopped.wait()
        assert await stream.receive_some() == b""


async def test_an_idle_connection_is_closed_after_its_time(mock_clock: MockClock) -> None:
    config = http_config()
    config.keep_alive_timeout = 5
    async with serving(config=config) as server, await server.connect() as stream:
        for _ in range(2):
            await stream.send_all(GET)
            await until_said(stream, b"small")
            await wait_all_tasks_blocked()  # the answer is done
            mock_clock.jump(4.9)
            await wait_all_tasks_blocked()
        mock_clock.jump(0.1)
        assert await stream.receive_some() == b""


async def test_a_request_that_is_dribbled_has_no_longer_than_an_idle_connection(
    mock_clock: MockClock,
) -> None:
    config = http_config()
    config.keep_alive_timeout = 1
    async with serving(config=config) as server, await server.connect() as stream:

        async def dribble() -> None:
            for byte in GET[:-1]:
                await stream.send_all(bytes([byte]))
                await wait_all_tasks_blocked()
                mock_clock.jump(0.1)

        with pytest.raises(trio.BrokenResourceError):
            await dribble()


async def test_a_request_under_way_is_finished_and_no_new_one_is_taken() -> None:
    async with serving(finish=60) as server, await server.connect() as stream:
        await stream.send_all(GET.replace(b"small", b"slow"))
        await server.waiting.wait()
        server.asked_to_stop.set()
        await wait_all_tasks_blocked()
        with pytest.raises(OSError, match="connect"):
            await server.connect()
        server.go_on.set()
        answer = b""
        while part := await stream.receive_some():
            answer += part
        assert answer.endswith(b"finished")


async def test_a_request_that_takes_too_long_is_cut_off_at_the_end() -> None:
    async with serving(finish=0.05) as server, await server.connect() as stream:
        await stream.send_all(GET.replace(b"small", b"slow"))
        await server.waiting.wait()
        server.asked_to_stop.set()
        await server.stopped.wait()
        assert server.cancelled.is_set()


async def test_who_never_reads_does_not_hold_up_the_end() -> None:
    async with serving(finish=0.05) as server, await server.connect() as stream:
        await stream.send_all(GET.replace(b"small", b"large"))
        await stream.receive_some(1)
        server.asked_to_stop.set()
        await server.stopped.wait()


async def test_a_refusal_reaches_who_is_still_sending(mock_clock: MockClock) -> None:
    """A close with unread bytes is a reset, and a reset overtakes the answer. The clock stands: we are not too slow."""
    async with serving() as server:
        for _ in range(20):
            async with await server.connect() as stream:
                head = b"POST /small HTTP/1.1\r\nhost: a\r\ncontent-length: 10000000\r\n\r\n"
                await stream.send_all(head + bytes(500_000))
                answer = b""
                while part := await stream.receive_some():
                    answer += part
                assert answer.startswith(b"HTTP/1.1 405")


async def test_an_answer_that_does_not_wait_for_the_body_is_the_last_and_says_so() -> None:
    """Its client sent the next request on the same connection, and lost it."""
    async with serving() as server, await server.connect() as stream:
        await stream.send_all(b"POST /small HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\n")
        answer = b""
        while part := await stream.receive_some():
            answer += part
        assert answer.startswith(b"HTTP/1.1 405")
        assert b"\r\nconnection: close\r\n" in answer.lower()


async def test_an_answer_to_a_whole_request_is_not_the_last() -> None:
    async with serving() as server, await server.connect() as stream:
        for _ in range(2):
            await stream.send_all(b"POST /small HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nwhole")
            answer = b""
            while b"</p>" not in answer:
                answer += await stream.receive_some()
            assert answer.startswith(b"HTTP/1.1 405")
            assert b"connection: close" not in answer.lower()


async def test_a_target_may_be_a_whole_url() -> None:
    async with serving() as server, await server.connect() as stream:
        await stream.send_all(GET.replace(b"/small", b"http://madang.test/small"))
        assert (await stream.receive_some()).startswith(b"HTTP/1.1 200")


async def test_a_view_is_cancelled_when_its_client_hangs_up() -> None:
    async with serving() as server:
        async with await server.connect() as stream:
            await stream.send_all(GET.replace(b"small", b"slow"))
            await server.waiting.wait()
        await server.cancelled.wait()
        assert await server.answers()


async def test_cancelling_the_server_closes_everything() -> None:
    server, listeners = Server(), await listen("127.0.0.1", 0)
    server.port = listeners[0].socket.getsockname()[1]
    with trio.fail_after(PATIENCE):
        async with trio.open_nursery() as nursery:
            run = partial(
                serve_http,
                server.app(),
                http_config(),
                listeners=listeners,
                stop=trio.sleep_forever,
                finish=60,
                most=100,
            )
            await nursery.start(run)
            stream = await server.connect()
            await stream.send_all(GET)
            await stream.receive_some()
            nursery.cancel_scope.cancel()
        assert await stream.receive_some() == b""
        await stream.aclose()


# --- what never becomes a request -------------------------------------------------------------------------------------


async def whole(stream: trio.SocketStream) -> bytes:
    """What comes until the end."""
    said = b""
    while part := await stream.receive_some():
        said += part
    return said


def refused(said: bytes) -> tuple[int, dict[str, str], dict[str, Any]]:
    """Status, headers and problem of a refusal."""
    head, _, body = said.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(status.split()[1]), headers, msgspec.json.decode(body)


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        (b"\x00\xff\xfe\r\n\r\n", 400, "malformed"),
        (GET.replace(b"host: a", b"host : a"), 400, "malformed"),
        (b"POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: zip\r\n\r\n", 400, "malformed"),
        (GET.replace(b"\r\n\r\n", b"\r\nx: " + b"a" * 100_000 + b"\r\n\r\n"), 431, "headers_too_large"),
    ],
)
async def test_what_cannot_be_read_is_told_why(
    mock_clock: MockClock, sent: bytes, status: int, code: str
) -> None:
    """The answer had no body. The clock stands: nobody is too slow to hear it."""
    async with serving() as server, await server.connect() as stream:
        await stream.send_all(sent)
        said, headers, problem = refused(await whole(stream))
        assert (said, problem["status"], problem["code"]) == (status, status, code)
        assert headers["content-type"] == "application/problem+json"
        assert headers["connection"] == "close"
        assert headers["x-request-id"] == problem["request_id"]
        assert problem["title"]


# --- how many at once -------------------------------------------------------------------------------------------------


async def test_who_finds_no_room_is_told_when_to_come_back() -> None:
    async with serving(most=2) as server:
        async with await server.ask_slowly() as one, await server.ask_slowly() as other:
            async with await server.connect() as third:
                await third.send_all(GET)
                status, headers, problem = refused(await whole(third))
                assert (status, problem["code"], problem["temporary"]) == (503, "overloaded", True)
                assert headers["retry-after"] == "1"
                assert headers["connection"] == "close"
            server.go_on.set()
            for stream in (one, other):
                assert (await until_said(stream, b"finished")).startswith(b"HTTP/1.1 200")
        await wait_all_tasks_blocked()  # they are gone for the server, too
        assert await server.answers()


async def test_who_has_been_idle_longest_makes_room() -> None:
    async with serving(most=2) as server, await server.connect() as one, await server.connect() as other:
        for stream in (other, one):
            await stream.send_all(GET)
            await until_said(stream, b"small")
        await wait_all_tasks_blocked()  # both answers are done
        assert await server.answers()
        assert await whole(other) == b""
        await one.send_all(GET)
        assert (await one.receive_some()).startswith(b"HTTP/1.1 200")


async def test_who_never_finishes_asking_makes_room() -> None:
    """Many connections that dribble a request each do not keep others out."""
    async with serving(most=10) as server, AsyncExitStack() as stack:
        for _ in range(10):
            stream = await stack.enter_async_context(await server.connect())
            await stream.send_all(GET[:-2])
        for _ in range(20):
            assert await server.answers()


async def test_a_crowd_that_is_turned_away_does_not_stay(mock_clock: MockClock) -> None:
    """The clock stands: whoever waits at the door does so for as long as the crowd is coming."""
    async with serving(most=1) as server, AsyncExitStack() as stack:
        await stack.enter_async_context(await server.ask_slowly())
        turned_away = [await stack.enter_async_context(await server.connect()) for _ in range(100)]
        said = [await whole(stream) for stream in turned_away]
        assert {part[:12] for part in said} <= {b"HTTP/1.1 503", b""}
        assert said.count(b"") >= 100 - 64
