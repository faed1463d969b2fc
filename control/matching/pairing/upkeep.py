"""What becomes of applications by itself: one runs out, and its person hears of it; and two that could not meet now can.

Every control process looks, more often than once a second. Whoever comes first does it, and the others find it done.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from common.clock import from_ms
from common.postgres import Connection
from common.protocol import MatchCategory
from common.units import SECONDS
from control.matching.conditions.conditions import KnownConditions
from control.matching.pairing import queries
from control.matching.pairing.applying import tell
from control.matching.pairing.pairing import hold, let_go, pair, paired
from control.services import Services

EVERY: Final = 0.6 * SECONDS
_BATCH: Final = 100  # applications in one transaction


async def once(services: Services) -> None:
    """End what has run out, and pair what could not be paired before. Raises `StoreUnavailable`."""
    await lapse(services)
    await look_again(services)


async def lapse(services: Services) -> int:
    """End the applications that have run out, and tell their people; how many."""
    ended = 0
    while count := await services.db.transaction(_lapse_some, from_ms(services.clock())):
        ended += count
    return ended


async def look_again(services: Services) -> int:
    """Pair those in line who may meet by now; how many pairs."""
    now = from_ms(services.clock())
    pairs = 0
    for row in await services.db.read(_freed, now):
        category: MatchCategory = row["category"]
        if await services.db.transaction(_again, row["id"], category, services.conditions, now):
            paired.labels(category).inc()
            pairs += 1
    return pairs


async def _lapse_some(connection: Connection, now: datetime) -> int:
    rows = await connection.fetch(queries.LAPSE_SOME, now, _BATCH)
    await tell(connection, rows, "expired")
    return len(rows)


async def _freed(connection: Connection, now: datetime) -> list[Any]:
    return await connection.fetch(queries.FREED, now, _BATCH)


async def _again(
    connection: Connection,
    application: str,
    category: MatchCategory,
    conditions: KnownConditions,
    now: datetime,
) -> bool:
    await hold(connection, category)
    row = await connection.fetchrow(queries.WAITING, application)
    if row is None:
        await let_go(connection, category)
        return False
    return await pair(connection, row, conditions, now)
