"""Posts whose moment has come and that nobody confirmed are over by themselves, and whoever is in them hears so.

From that moment nobody joins or confirms them, whether or not this has come by: every control process looks now and then, and
whichever comes first does it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from common.clock import from_ms
from common.postgres import Connection
from common.units import MINUTES
from control.matching.posts import queries
from control.matching.posts.news import tell_people
from control.services import Services

EVERY: Final = 1 * MINUTES
_BATCH: Final = 100  # posts in one transaction


async def end(services: Services) -> int:
    """End all posts that are due; how many. Raises `StoreUnavailable`."""
    ended = 0
    while count := await services.db.transaction(_end_some, from_ms(services.clock())):
        ended += count
    return ended


async def _end_some(connection: Connection, now: datetime) -> int:
    due = await connection.fetch(queries.TO_END, now, _BATCH)
    await connection.execute(queries.END, [row["id"] for row in due])
    for row in due:
        people = [each["user_id"] for each in await connection.fetch(queries.JOINED, row["id"])]
        await tell_people(connection, row, "over", people)
    return len(due)
