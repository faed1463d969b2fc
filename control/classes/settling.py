"""How classes end: one that begins is paid for, and one that nobody will give is called off.

A class is its mentor's to give as long as others find him (`listed_mentors`). When he left, or is no mentor any more, what he
has not given is called off as soon as that is seen. A suspension may be taken back: then only what begins meanwhile is.

Every control process looks now and then, at one class in each transaction; a class's lock and the transfer's reference make
it happen once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from common.clock import from_ms
from common.postgres import Connection
from common.units import MINUTES
from control.classes import queries
from control.classes.registering import end_waiting, refund_all
from control.points.ledger import Treasury, transfer
from control.services import Services

EVERY: Final = 1 * MINUTES

Row = Any  # the record of queries.LOCK


async def settle(services: Services) -> int:
    """End all classes that are due to; how many. Raises `StoreUnavailable`."""
    ended = 0
    while await services.db.transaction(_end_one, from_ms(services.clock())):
        ended += 1
    return ended


async def call_off(connection: Connection, row: Row, now: datetime) -> None:
    """It does not take place: everybody is refunded and told. The class is locked."""
    await connection.execute(queries.CALL_OFF, row["id"], now)
    await refund_all(connection, row, now)
    await end_waiting(connection, row, "called_off", now)


async def _end_one(connection: Connection, now: datetime) -> bool:
    """Whether one was due."""
    due = await connection.fetchval(queries.DUE, now)
    if due is None:
        return False
    row: Row = await connection.fetchrow(queries.LOCK, due)
    if not await connection.fetchval(queries.IS_LISTED_MENTOR, row["mentor"]):
        await call_off(connection, row, now)
    elif row["starts_at"] <= now:
        await _settle(connection, row, now)
    return True


async def _settle(connection: Connection, row: Row, now: datetime) -> None:
    """It begins: nobody registers any more, and what was paid goes to the mentor."""
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
