"""Classes that have begun: nobody registers any more, and what was paid goes to the mentor.

Every control process looks now and then; a class's lock and the transfer's reference make it happen once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from common.clock import from_ms
from common.postgres import Connection
from common.units import MINUTES
from control.classes import queries
from control.classes.registering import end_waiting
from control.points.ledger import Treasury, transfer
from control.services import Services

EVERY: Final = 1 * MINUTES
_BATCH: Final = 20  # classes in one transaction


async def settle(services: Services) -> int:
    """Settle all classes that have begun; how many. Raises `StoreUnavailable`."""
    settled = 0
    while count := await services.db.transaction(_settle_some, from_ms(services.clock())):
        settled += count
    return settled


async def _settle_some(connection: Connection, now: datetime) -> int:
    due = [row["id"] for row in await connection.fetch(queries.TO_SETTLE, now, _BATCH)]
    for each in due:
        await _settle(connection, await connection.fetchrow(queries.LOCK, each), now)
    return len(due)


async def _settle(connection: Connection, row: Any, now: datetime) -> None:
    await end_waiting(connection, row, "closed", now)
    if paid := await connection.fetchval(queries.PAID, row["id"]):
        await transfer(
            connection,
            kind="earning",
            source=Treasury.CLASSES,
            target=row["mentor"],
            points=paid,
            reference=f"class:{row['id']}:earning",
            subject=row["id"],
        )
    await connection.execute(queries.SETTLE, row["id"], now)
