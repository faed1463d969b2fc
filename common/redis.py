"""Redis (or Valkey): commands and Lua scripts, and the one place that knows the driver's errors.

Replies come as the server sent them: bytes, integers, lists. Lists are RESP2 in shape.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from hashlib import sha1
from typing import Any, Final

import redis.asyncio
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ConnectionError,  # noqa: A004 - the driver's name
    NoScriptError,
    OutOfMemoryError,
    ReadOnlyError,
    ResponseError,
    TimeoutError,  # noqa: A004 - the driver's name
)

from common.aio import across
from common.errors import StoreUnavailable
from common.units import SECONDS

_AWAY: Final = (
    ConnectionError,
    TimeoutError,
    BusyLoadingError,
    ReadOnlyError,  # a replica that was our primary
    OutOfMemoryError,  # noeviction: full until somebody makes room
    AuthenticationError,
    OSError,
)
Argument = str | bytes | int | float


class RedisRefusal(Exception):
    """The server answered a command with an error. `code` is its first word, as `BUSYGROUP`."""

    def __init__(self, message: str) -> None:
        self.code = message.partition(" ")[0]
        super().__init__(message)


class Redis:
    """A pool of connections.

    Every call raises `StoreUnavailable` when the server cannot answer now, `RedisRefusal` when it will not.
    """

    def __init__(self, driver: redis.asyncio.Redis) -> None:
        self._driver = driver

    async def call(self, *command: Argument) -> Any:
        """The reply to one command, as `call("HGET", key, field)`."""
        try:
            return await across(self._driver.execute_command, *command)
        except _AWAY as fault:
            raise StoreUnavailable("redis", str(fault) or type(fault).__name__) from fault
        except NoScriptError:
            raise
        except ResponseError as refusal:
            raise RedisRefusal(str(refusal)) from refusal

    async def calls(self, commands: Sequence[Sequence[Argument]]) -> list[Any]:
        """The replies to several commands in one round trip. They are not a transaction."""

        async def run() -> list[Any]:
            async with self._driver.pipeline(transaction=False) as pipe:
                for command in commands:
                    pipe.execute_command(*command)
                replies: list[Any] = await pipe.execute()
                return replies

        try:
            return await across(run)
        except _AWAY as fault:
            raise StoreUnavailable("redis", str(fault) or type(fault).__name__) from fault

    def script(self, text: str) -> Script:
        """A Lua script to call with `(keys, args)`."""
        return Script(self, text)

    async def ready(self) -> None:
        """One round trip."""
        await self.call("PING")


class Script:
    """A Lua script, sent once and then called by its digest; sent again when the server forgot it."""

    def __init__(self, server: Redis, text: str) -> None:
        self._server = server
        self._text = text
        self._digest = sha1(text.encode(), usedforsecurity=False).hexdigest()

    async def __call__(self, keys: Sequence[str], args: Sequence[Argument] = ()) -> Any:
        try:
            return await self._server.call("EVALSHA", self._digest, len(keys), *keys, *args)
        except NoScriptError:
            return await self._server.call("EVAL", self._text, len(keys), *keys, *args)


@asynccontextmanager
async def open_redis(url: str, *, connections: int = 50) -> AsyncIterator[Redis]:
    """A client of the server at `url` (redis:// or rediss://); a connection is opened when it is first needed.

    A call that is cancelled drops its connection, so that no other call reads its answer.
    """
    pool = redis.asyncio.BlockingConnectionPool.from_url(
        url,
        max_connections=connections,
        timeout=5 * SECONDS,
        socket_connect_timeout=3 * SECONDS,
        socket_timeout=15 * SECONDS,  # above the longest blocking read
        socket_keepalive=True,
        protocol=2,
        health_check_interval=0,
        retry=None,
    )
    driver = redis.asyncio.Redis(connection_pool=pool)
    driver.response_callbacks.clear()  # replies as they came: parsing every one into dictionaries costs too much
    try:
        yield Redis(driver)
    finally:
        await across(pool.disconnect)
