"""PostgreSQL: a pool of asyncpg connections, a session of one's own, and the one place that knows asyncpg's errors.

A service hands over a coroutine function that takes the connection first; it runs whole on the asyncio side, in one
crossing, inside one transaction. Inside, await only the connection.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeVar

import asyncpg
import trio

from common.aio import across
from common.errors import StoreUnavailable
from common.units import SECONDS

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]  # a generic in its stubs alone
else:
    Connection = asyncpg.Connection
P = ParamSpec("P")
T = TypeVar("T")

_AWAY: Final = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,  # the pool or the connection is closing
    asyncpg.InternalClientError,  # the server said goodbye between two statements, and asyncpg is still reading that
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,  # past the statement timeout
)
_GOODBYE: Final = 5 * SECONDS  # to hang up, which waits for nobody but this process
_COLLISIONS: Final = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)


class Postgres:
    """A pool. Every method raises `StoreUnavailable` when the server cannot answer now."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record]) -> None:
        self._pool = pool

    async def transaction(
        self, fn: Callable[Concatenate[Connection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`fn(connection, *args)` in one transaction: committed when it returns, rolled back when it raises or is
        cancelled. A collision with another transaction (deadlock, serialisation) is tried again, three times in all.
        """

        async def run() -> T:
            async with self._pool.acquire(timeout=5 * SECONDS) as connection, connection.transaction():
                return await fn(connection, *args, **kwargs)  # type: ignore[arg-type]

        for _ in range(2):
            try:
                return await _asked(run)
            except _COLLISIONS:
                continue
        return await _asked(run)

    async def read(
        self, fn: Callable[Concatenate[Connection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`fn(connection, *args)` outside a transaction, for a single statement that only reads."""

        async def run() -> T:
            async with self._pool.acquire(timeout=5 * SECONDS) as connection:
                return await fn(connection, *args, **kwargs)  # type: ignore[arg-type]

        return await _asked(run)

    async def ready(self) -> None:
        """One round trip."""

        async def ask(connection: Connection) -> Any:
            return await connection.fetchval("SELECT 1")

        await self.read(ask)


class Session:
    """One connection of its own, for what lives as long as a session does: advisory locks, and LISTEN on one channel.

    Once a method raised `StoreUnavailable` the session is over, its locks with it.
    """

    def __init__(self, connection: Connection, hear: Callable[[str], None] | None = None) -> None:
        self._connection = connection
        self._hear = hear
        self._rang = trio.Event()

    async def run(
        self, fn: Callable[Concatenate[Connection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`fn(connection, *args)`, not in a transaction. A cancellation waits for its statements, for their time at most."""

        async def run() -> T:
            return await fn(self._connection, *args, **kwargs)

        return await _unbroken(run)

    async def rung(self, seconds: float) -> None:
        """Wait for a notification since the last time this returned, but no longer than `seconds`."""
        with trio.move_on_after(seconds):
            await self._rang.wait()
        self._rang = trio.Event()

    def ring(self, *_: object) -> None:
        """What asyncpg calls when the connection is lost: the next `run` will find out."""
        self._rang.set()

    def notified(self, _connection: object, _process: int, _channel: str, payload: object) -> None:
        """What asyncpg calls for a notification."""
        if self._hear is not None:
            self._hear(str(payload))
        self.ring()


async def _asked(run: Callable[[], Awaitable[T]]) -> T:
    try:
        return await across(run)
    except _AWAY as fault:
        raise StoreUnavailable("postgres", str(fault) or type(fault).__name__) from fault


async def _unbroken(run: Callable[[], Awaitable[T]]) -> T:
    """Not cut short by cancellation: asyncpg would then dial the server anew to say so, and may leave that call behind."""
    with trio.move_on_after(6 * SECONDS, shield=True):  # above the session's own timeouts
        return await _asked(run)
    raise StoreUnavailable("postgres", "no answer in time")


@asynccontextmanager
async def open_session(
    url: str, *, listen: str | None = None, hear: Callable[[str], None] | None = None
) -> AsyncIterator[Session]:
    """A session with the database at `url` that listens to the channel `listen`, if any. Raises `StoreUnavailable`.

    `hear` is called with what each notification says, in the order in which their transactions committed; when `run` has
    returned, with all that had committed before it was called.
    """

    async def connect() -> Connection:
        return await asyncpg.connect(
            url,
            timeout=5 * SECONDS,
            command_timeout=5 * SECONDS,
            server_settings={"application_name": "madang", "timezone": "UTC"},
        )

    async def terminate() -> None:
        connection.terminate()

    connection = await _unbroken(connect)
    session = Session(connection, hear)
    try:
        connection.add_termination_listener(session.ring)
        if listen is not None:
            await session.run(Connection.add_listener, listen, session.notified)
        yield session
    finally:
        with trio.move_on_after(_GOODBYE, shield=True):
            await across(terminate)


@asynccontextmanager
async def open_postgres(url: str, *, connections: int = 10) -> AsyncIterator[Postgres]:
    """A pool of up to `connections` to the database at `url`; none is opened before it is needed.

    On leaving, the pool is terminated: a statement still under way is cut off, which rolls it back.
    """

    async def create() -> asyncpg.Pool[asyncpg.Record]:
        pool = asyncpg.create_pool(
            url,
            min_size=0,
            max_size=connections,
            timeout=5 * SECONDS,
            command_timeout=10 * SECONDS,
            server_settings={"application_name": "madang", "timezone": "UTC"},
        )
        return await pool

    async def terminate() -> None:
        pool.terminate()

    pool = await across(create)
    try:
        yield Postgres(pool)
    finally:
        with trio.move_on_after(_GOODBYE, shield=True):
            await across(terminate)
