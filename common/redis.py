"""Redis (or Valkey): commands and Lua scripts over Trio's own sockets, and the one place that knows what can go wrong.

The driver speaks for the wire: redis-py reads the URL, hiredis packs commands and parses replies. Only the moving of
bytes is ours, because the driver's can run on asyncio alone, and three crossings a message (append, read, mark) were the
largest cost of a send: a round trip through Trio takes about two fifths of the time.

Replies come as the server sent them (RESP2): bytes, integers, lists, None.
"""

from __future__ import annotations

import select
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from hashlib import sha1
from typing import Any, Final

import hiredis
import trio
from redis.connection import SSLConnection, parse_url

from common.errors import StoreUnavailable
from common.units import KIB, SECONDS

PATIENCE: Final = 10 * SECONDS  # for a reply; above the longest blocking read
_CONNECT: Final = 3 * SECONDS
_TURN: Final = 5 * SECONDS  # for a connection when all are in use
_CHUNK: Final = 64 * KIB

# Answers that another moment may change: starting, failing over, full, or not letting us in yet.
_NOT_NOW: Final = {
    "BUSY", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "MISCONF", "NOAUTH", "NOREPLICAS", "OOM", "READONLY", "TRYAGAIN",
    "UNKILLABLE", "WRONGPASS",
}  # fmt: skip

Argument = str | bytes | int | float
Call = Callable[..., Awaitable[Any]]
"""`Redis.call`, on one connection."""

Greeting = Callable[[Call], Awaitable[None]]


class RedisRefusal(Exception):
    """The server answered a command with an error. `code` is its first word, as `BUSYGROUP`."""

    def __init__(self, message: str) -> None:
        self.code = message.partition(" ")[0]
        super().__init__(message)


class _Connection:
    """One socket: commands go out, replies come in, in order. Whatever cuts a round trip short ends it."""

    def __init__(self, stream: trio.abc.Stream, file: int) -> None:
        self._stream = stream
        self._file = file
        self._reader = hiredis.Reader(replyError=RedisRefusal)

    async def round_trip(self, packed: bytes, count: int) -> list[Any]:
        """Send `packed` commands and wait for their `count` replies; refusals are among them as exceptions."""
        await self._stream.send_all(packed)
        replies: list[Any] = []
        while len(replies) < count:
            reply = self._reader.gets()
            if reply is not False:
                replies.append(reply)
                continue
            data = await self._stream.receive_some(_CHUNK)
            if not data:
                raise trio.BrokenResourceError("the server closed the connection")
            self._reader.feed(bytes(data))
        return replies

    @property
    def usable(self) -> bool:
        """Whether it is silent, as it should be between round trips: the server has not closed it meanwhile."""
        look = select.poll()  # select() cannot look at files above 1024
        look.register(self._file, select.POLLIN)
        return not look.poll(0)

    async def aclose(self) -> None:
        """Close it without ceremony."""
        await trio.aclose_forcefully(self._stream)


class Redis:
    """A pool of connections.

    Every call raises `StoreUnavailable` when the server cannot answer now, `RedisRefusal` when it will not. A call that
    is cut short (cancelled, too slow, broken) may or may not have been carried out.
    """

    def __init__(self, connect: Callable[[], Awaitable[_Connection]], connections: int) -> None:
        self._connect = connect
        self._turns = trio.CapacityLimiter(connections)
        self._idle: list[_Connection] = []

    async def call(self, *command: Argument) -> Any:
        """The reply to one command, as `call("HGET", key, field)`."""
        return _given((await self._exchange(_packed(command), 1))[0])

    async def calls(self, commands: Sequence[Sequence[Argument]]) -> list[Any]:
        """The replies to several commands in one round trip. They are not a transaction."""
        if not commands:
            return []
        packed = b"".join(map(_packed, commands))
        return [_given(reply) for reply in await self._exchange(packed, len(commands))]

    def script(self, text: str) -> Script:
        """A Lua script to call with `(keys, args)`."""
        return Script(self, text)

    async def ready(self) -> None:
        """One round trip."""
        await self.call("PING")

    async def aclose(self) -> None:
        """Close the idle connections; those in use close as their callers are cancelled."""
        while self._idle:
            await self._idle.pop().aclose()

    async def _exchange(self, packed: bytes, count: int) -> list[Any]:
        borrower = object()
        try:
            with trio.fail_after(_TURN):
                await self._turns.acquire_on_behalf_of(borrower)
        except trio.TooSlowError:
            raise StoreUnavailable("redis", "all connections are in use") from None
        try:
            return await self._round_trip(packed, count)
        except (trio.BrokenResourceError, trio.ClosedResourceError, OSError, ssl.SSLError) as fault:
            raise StoreUnavailable("redis", str(fault) or type(fault).__name__) from fault
        except trio.TooSlowError:
            raise StoreUnavailable("redis", "no answer in time") from None
        finally:
            self._turns.release_on_behalf_of(borrower)

    async def _round_trip(self, packed: bytes, count: int) -> list[Any]:
        connection = await self._usable()
        try:
            with trio.fail_after(PATIENCE):
                replies = await connection.round_trip(packed, count)
        except BaseException:
            await connection.aclose()
            raise
        self._idle.append(connection)
        return replies

    async def _usable(self) -> _Connection:
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
            await connection.aclose()
        with trio.fail_after(_CONNECT):
            return await self._connect()


def _packed(command: Sequence[Argument]) -> bytes:
    packed: bytes = hiredis.pack_command(tuple(command))  # type: ignore[arg-type] # its stub asks for one word
    return packed


def _given(reply: Any) -> Any:
    """The reply, unless it is an error: then that is raised as what it means to us."""
    if isinstance(reply, RedisRefusal):
        if reply.code in _NOT_NOW:
            raise StoreUnavailable("redis", str(reply))
        raise reply
    return reply


class Script:
    """A Lua script, sent once and then called by its digest; sent again when the server forgot it."""

    def __init__(self, server: Redis, text: str) -> None:
        self._server = server
        self._text = text
        self._digest = sha1(text.encode(), usedforsecurity=False).hexdigest()

    async def __call__(self, keys: Sequence[str], args: Sequence[Argument] = ()) -> Any:
        try:
            return await self._server.call("EVALSHA", self._digest, len(keys), *keys, *args)
        except RedisRefusal as refusal:
            if refusal.code != "NOSCRIPT":
                raise
        return await self._server.call("EVAL", self._text, len(keys), *keys, *args)


def _dialler(url: str, greet: Greeting | None) -> Callable[[], Awaitable[_Connection]]:
    """A function that opens a connection to the server at `url`: logged in, on the right database, and greeted."""
    given = parse_url(url)  # type: ignore[no-untyped-call]
    host, port = given.get("host", "localhost"), given.get("port", 6379)
    greeting: list[tuple[Argument, ...]] = []
    if "password" in given:
        greeting.append(("AUTH", *([given["username"]] if "username" in given else []), given["password"]))
    if given.get("db"):
        greeting.append(("SELECT", given["db"]))
    context = ssl.create_default_context() if given.get("connection_class") is SSLConnection else None

    async def connect() -> _Connection:
        tcp = await trio.open_tcp_stream(host, port)
        stream = trio.SSLStream(tcp, context, server_hostname=host) if context else tcp
        return _Connection(stream, tcp.socket.fileno())

    async def connect_and_greet() -> _Connection:
        connection = await connect()

        async def call(*command: Argument) -> Any:
            return _given((await connection.round_trip(_packed(command), 1))[0])

        try:
            for command in greeting:
                await call(*command)
            if greet is not None:
                await greet(call)
        except BaseException:
            await connection.aclose()
            raise
        return connection

    return connect_and_greet


@asynccontextmanager
async def open_redis(
    url: str, *, connections: int = 50, greet: Greeting | None = None
) -> AsyncIterator[Redis]:
    """A client of the server at `url` (redis:// or rediss://); a connection is opened when it is first needed.

    `greet` is called with each new connection's `call`, before that serves anybody: what must be known to a server that
    was started again, or took over, is done there.
    """
    server = Redis(_dialler(url, greet), connections)
    try:
        yield server
    finally:
        with trio.CancelScope(shield=True):
            await server.aclose()
