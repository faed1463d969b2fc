"""What one control process at a time does for all of them: whoever holds the lock of a piece of work does it.

The lock is a session's of PostgreSQL, and goes with it: when a process dies, or is cut off, another takes over within the
time between two rounds. One that was cut off may not know it yet, so for a moment two may be at it: work is such that
doing it twice is doing it once.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NoReturn

import trio

from common.errors import StoreUnavailable
from common.logs import get_logger
from common.postgres import Connection, open_session
from common.supervise import first_after, jittered
from control.locks import Lock
from control.services import Services

_log = get_logger(__name__)
_TRY_LOCK = "SELECT pg_try_advisory_lock($1)"


async def try_lock(connection: Connection, lock: Lock) -> bool:
    """Take an advisory lock for as long as the session lives; False when another has it."""
    got: bool = await connection.fetchval(_TRY_LOCK, lock)
    return got


async def _always(_: Services) -> bool:
    return True


async def in_turn(
    services: Services,
    lock: Lock,
    work: Callable[[Services], Awaitable[object]],
    *,
    every: float,
    due: Callable[[Services], Awaitable[bool]] = _always,
) -> NoReturn:
    """`work`, about every so many seconds when it is `due`, unless another process is at it. A store that is away is waited
    for."""
    await trio.sleep(first_after(every))
    while True:
        try:
            if await due(services):
                async with open_session(services.settings.database_url) as session:
                    if await session.run(try_lock, lock):
                        await work(services)
        except StoreUnavailable as fault:
            _log.warning("work was put off", work=work.__qualname__, why=str(fault))
        await trio.sleep(jittered(every))
