"""One socket to one server: commands out, replies in, and what the server's errors mean to us."""

from __future__ import annotations

import select
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import hiredis
import trio

from common.errors import StoreUnavailable
from common.redis.address import Address
from common.units import KIB, SECONDS

PATIENCE: Final = 10 * SECONDS  # for a reply; above the longest blocking read
_CHUNK: Final = 64 * KIB

# Answers that another moment may change: starting, failing over, full, or not letting us in yet.
_NOT_NOW: Final = {
    "BUSY", "CLUSTERDOWN", "LOADING", "MASTERDOWN", "MISCONF", "NOAUTH", "NOREPLICAS", "OOM", "READONLY", "TRYAGAIN",
    "UNBLOCKED", "UNKILLABLE", "WRONGPASS",
}  # fmt: skip

_FULL: Final = "ERR max number of clients"  # how that begins, which has no code of its own

Argument = str | bytes | int | float
Call = Callable[..., Awaitable[Any]]
"""`Redis.call`, on one connection."""

Connect = Callable[[], Awaitable["Connection"]]


class RedisRefusal(Exception):
    """The server answered a command with an error. `code` is its first word, as `BUSYGROUP`."""

    def __init__(self, message: str) -> None:
        self.code = message.partition(" ")[0]
        super().__init__(message)


class Connection:
    """Commands go out, replies come in, in order. Whatever cuts a round trip short ends it.

    `greeted` is its pool's note of what was done on it before it served, `age` of which of the pool's ages it is.
    """

    def __init__(self, stream: trio.abc.Stream, file: int) -> None:
        self._stream = stream
        self._file = file
        self._reader = hiredis.Reader(replyError=RedisRefusal)
        self.greeted: set[int] = set()
        self.age = 0

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

    async def call(self, *command: Argument) -> Any:
        """The reply to one command. Raises as `Redis.call` does for an answer that is an error."""
        return given((await self.round_trip(packed(command), 1))[0])

    @property
    def usable(self) -> bool:
        """Whether it is silent, as it should be between round trips: the server has not closed it meanwhile."""
        look = select.poll()  # select() cannot look at files above 1024
        look.register(self._file, select.POLLIN)
        return not look.poll(0)

    async def aclose(self) -> None:
        """Close it without ceremony."""
        await trio.aclose_forcefully(self._stream)


def packed(command: Sequence[Argument]) -> bytes:
    """A command as it goes over the wire."""
    words: bytes = hiredis.pack_command(tuple(command))  # type: ignore[arg-type] # its stub asks for one word
    return words


def given(reply: Any) -> Any:
    """The reply, unless it is an error: then that is raised as what it means to us."""
    if isinstance(reply, RedisRefusal):
        if reply.code in _NOT_NOW or str(reply).startswith(_FULL):
            raise StoreUnavailable("redis", str(reply))
        raise reply
    return reply


def dialler(address: Address) -> Connect:
    """A function that opens a connection to the server at `address`: logged in, and on the right database."""
    greeting: list[tuple[Argument, ...]] = []
    if address.password is not None:
        greeting.append(("AUTH", *([address.username] if address.username else []), address.password))
    if address.database:
        greeting.append(("SELECT", address.database))
    context = ssl.create_default_context() if address.tls else None

    async def connect() -> Connection:
        tcp = await trio.open_tcp_stream(address.host, address.port)
        stream = trio.SSLStream(tcp, context, server_hostname=address.host) if context else tcp
        connection = Connection(stream, tcp.socket.fileno())
        try:
            for command in greeting:
                await connection.call(*command)
        except BaseException:
            await connection.aclose()
            raise
        return connection

    return connect
