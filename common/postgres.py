"""PostgreSQL: a pool of asyncpg connections, a session of one's own, and the one place that knows asyncpg's errors.

A service hands over a coroutine function that takes the connection first; it runs whole on the asyncio side, in one
crossing, inside one transaction. Inside, await only the connection.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from types import SimpleNamespace
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

# What a call raises when the server cannot answer now.
AWAY: Final = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,  # the pool or the connection is closing
    asyncpg.InternalClientError,  # the server said goodbye between two statements, and asyncpg is still reading that
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,  # its disk, its memory or its connections are used up
    asyncpg.ReadOnlySQLTransactionError,  # it is a standby now, and another is to take its place
    asyncpg.QueryCanceledError,  # past the statement timeout
)
_TURN: Final = 5 * SECONDS  # for a connection when all are in use
_GOODBYE: Final = 5 * SECONDS  # to hang up, which waits for nobody but this process
_FIRST_PASSING_OID: Final = 10_000  # below, the numbers of types are the same in every database there is
# In the place of a statement, by a name of its own.
_ASKED_BEFORE: Final = SimpleNamespace(name="asked before")
_COLLISIONS: Final = (asyncpg.SerializationError, asyncpg.DeadlockDetectedError)

_types: dict[frozenset[int], Any] = {}  # what PostgreSQL said of them


class _Connection(Connection):
    """A connection, without what asyncpg does for everybody and nobody needs here.

    **Resetting the session** before anybody else gets the connection from the pool: a transaction or a statement leaves
    nothing behind when it went well, so only after a failure it is done.

    **Asking what a type is** on every connection anew, which takes longer than most requests: of PostgreSQL's own types
    the first connection asks, for all of them.
    """

    _is_in_order = True

    def distrust(self) -> None:
        """Something went wrong, and its advisory locks or settings may still be there."""
        self._is_in_order = False

    async def put_in_order(self) -> None:
        """Reset the session if something went wrong in it."""
        if not self._is_in_order:
            await self.execute(self.get_reset_query())
            self._is_in_order = True

    async def _introspect_types(self, oids: Collection[int], *how: Any) -> Any:
        ask = super()._introspect_types  # type: ignore[misc]  # asyncpg's own, of which its stubs do not speak
        if max(oids) >= _FIRST_PASSING_OID:
            return await ask(oids, *how)
        key = frozenset(oids)
        if key not in _types:
            _types[key], _ = await ask(oids, *how)
        return _types[key], _ASKED_BEFORE


class Postgres:
    """A pool. Every method raises `StoreUnavailable` when the server cannot answer now."""

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record]) -> None:
        self._pool = pool
        self._patience = _TURN

    async def transaction(
        self, fn: Callable[Concatenate[Connection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`fn(connection, *args)` in one transaction: committed when it returns, rolled back when it raises or is
        cancelled. A collision with another transaction (deadlock, serialisation) is tried again, three times in all.
        """

        async def run() -> T:
            async with self._connection() as connection, connection.transaction():
                return await fn(connection, *args, **kwargs)

        for _ in range(2):
            try:
                return await _asked(run)
            except _COLLISIONS:
                continue
        return await _asked(run)

    async def read(
        self, fn: Callable[Concatenate[Connection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`fn(connection, *args)` outside a transaction, for what only reads. Each statement sees a moment of its own."""

        async def run() -> T:
            async with self._connection() as connection:
                return await fn(connection, *args, **kwargs)

        return await _asked(run)

    async def snapshot(
        self, fn: Callable[Concatenate[Connection, P], Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`fn(connection, *args)` for several statements that only read, and all see one moment. Two round trips more."""

        async def run() -> T:
            async with (
                self._connection() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                return await fn(connection, *args, **kwargs)

        return await _asked(run)

    async def ready(self) -> None:
        """One round trip."""

        async def ask(connection: Connection) -> Any:
            return await connection.fetchval("SELECT 1")

        await self.read(ask)

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        async with self._pool.acquire(timeout=self._patience) as connection:
            distrust = connection.distrust  # type: ignore[attr-defined]  # of it, and not of its proxy, which may go first
            try:
                yield connection  # type: ignore[misc]  # a proxy that is one in all but name
            except BaseException:
                distrust()
                raise


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
    except AWAY as fault:
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
            connection_class=_Connection,
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
            connection_class=_Connection,
            reset=_Connection.put_in_order,  # type: ignore[arg-type]  # of those that it opened
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
