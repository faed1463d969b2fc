"""Two who act at once, in the order that a test wants: who came first has not ended when the other comes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import trio

from common.postgres import Connection, Postgres

T = TypeVar("T")

_IS_WAITED_FOR: Final = """
    SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))
"""


async def overlapping(
    db: Postgres, first: Callable[[Connection], Awaitable[Any]], second: Callable[[], Awaitable[T]]
) -> T:
    """Do `first` in a transaction that ends only once `second`, begun after it, waits for it or is done without.
    What `second` gives."""
    begun, done, given = trio.Event(), trio.Event(), list[T]()

    async def hold(connection: Connection) -> None:
        await first(connection)
        begun.set()
        while not (done.is_set() or await connection.fetchval(_IS_WAITED_FOR)):
            await connection.fetchval("SELECT pg_sleep(0.005)")

    async with trio.open_nursery() as nursery:
        nursery.start_soon(db.transaction, hold)
        await begun.wait()
        given.append(await second())
        done.set()
    return given[0]
