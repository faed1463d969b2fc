"""Waiting lists are looked through now and then: who could not have a free place may have it by now.

Places go to whoever waits as they become free (`registering.py`). Those that nobody could pay for then stay free until somebody
can, who was given points since; or may come in again, and could not then. Every control process looks; whoever comes first
lets them in.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from common.clock import from_ms
from common.postgres import Connection
from common.units import MINUTES
from control.classes import queries, registering
from control.services import Services

EVERY: Final = 1 * MINUTES


async def let_in(services: Services) -> None:
    """Let everybody in who waits for no reason any more. Raises `StoreUnavailable`."""
    for of, mentor in await services.db.read(_with_places, from_ms(services.clock())):
        at = await registering.moment(services, mentor, of)
        async with services.turns.of(of):
            await services.db.transaction(_move_up, of, at)


async def _with_places(connection: Connection, now: datetime) -> list[tuple[str, str]]:
    return [(row["id"], row["mentor"]) for row in await connection.fetch(queries.WITH_PLACES, now, -1)]


async def _move_up(connection: Connection, of: str, at: registering.Moment) -> None:
    await registering.move_up(connection, await registering.locked(connection, of), at)
