"""The connections to one server: taken in turns, looked at before they serve, greeted, and given up together."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Final, Protocol

import trio

from common.errors import StoreUnavailable
from common.redis.connection import PATIENCE, Call, Connect, Connection
from common.units import SECONDS

_CONNECT: Final = 3 * SECONDS
_TURN: Final = 5 * SECONDS  # for a connection when all are in use

WHOLE: Final = frozenset({0})  # the one part of a server that is not of a cluster

Serves = Callable[[str], bool]  # whether a connection is about to serve this key


class Greeting(Protocol):
    """What is done on a new connection before it serves, by its `call`, for the keys that it `serves`."""

    async def __call__(self, call: Call, serves: Serves, /) -> None: ...


GreetPart = Callable[[Call, int], Awaitable[None]]


class Pool:
    """Round trips with one server.

    A server consists of parts: the slots of a cluster's node, or `WHOLE`. A connection is greeted for a part before it
    serves that for the first time.
    """

    def __init__(self, connect: Connect, connections: int, greet: GreetPart | None) -> None:
        self._connect = connect
        self._greet = greet
        self._turns = trio.CapacityLimiter(connections)
        self._idle: list[Connection] = []
        self._busy: set[trio.CancelScope] = set()
        self._age = 0

    async def exchange(self, packed: bytes, count: int, parts: Collection[int]) -> list[Any]:
        """Send `packed` commands that concern `parts`: their `count` replies, refusals among them as exceptions.

        Raises `StoreUnavailable` when the server cannot answer now, `RedisRefusal` when it refused to be greeted. What
        is cut short may or may not have been carried out.
        """
        borrower = object()
        try:
            with trio.fail_after(_TURN):
                await self._turns.acquire_on_behalf_of(borrower)
        except trio.TooSlowError:
            raise StoreUnavailable("redis", "all connections are in use") from None
        try:
            return await self._round_trip(packed, count, parts)
        except (trio.BrokenResourceError, trio.ClosedResourceError, OSError, ssl.SSLError) as fault:
            raise StoreUnavailable("redis", str(fault) or type(fault).__name__) from fault
        except trio.TooSlowError:
            raise StoreUnavailable("redis", "no answer in time") from None
        finally:
            self._turns.release_on_behalf_of(borrower)

    async def _round_trip(self, packed: bytes, count: int, parts: Collection[int]) -> list[Any]:
        with trio.move_on_after(PATIENCE) as scope:
            self._busy.add(scope)
            try:
                connection = await self._ready_for(parts)
                try:
                    replies = await connection.round_trip(packed, count)
                except BaseException:
                    await connection.aclose()
                    raise
            finally:
                self._busy.discard(scope)
        if scope.cancelled_caught:
            late = trio.current_time() >= scope.deadline
            raise StoreUnavailable("redis", "no answer in time" if late else "another server took its place")
        if connection.age == self._age:
            self._idle.append(connection)
        else:
            await connection.aclose()
        return replies

    async def _ready_for(self, parts: Collection[int]) -> Connection:
        """A connection, greeted for these parts."""
        connection = await self._usable()
        if self._greet is None or connection.greeted.issuperset(parts):
            return connection
        try:
            with trio.fail_after(_CONNECT):
                for part in parts:
                    if part not in connection.greeted:
                        await self._greet(connection.call, part)
                        connection.greeted.add(part)
        except BaseException:
            await connection.aclose()
            raise
        return connection

    async def _usable(self) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
            await connection.aclose()
        age = self._age
        with trio.fail_after(_CONNECT):
            connection = await self._connect()
        connection.age = age
        return connection

    async def renew(self) -> None:
        """Serve by new connections from now on, greeted anew; those in use are closed when they come back."""
        self._age += 1
        while self._idle:
            await self._idle.pop().aclose()

    async def give_up(self) -> None:
        """Another server took this one's place: cut short what is under way, which raises `StoreUnavailable`."""
        for scope in list(self._busy):
            scope.cancel()
        await self.renew()
