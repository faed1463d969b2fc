"""Rooms that are calls pass: once nobody has been in the call for `PATIENCE`, the room is closed, whoever is still its member.

chatd knows who is in a call and forgets it with its Redis; so since when nobody is, is written here, where it lasts. A call
that was empty only at two looks, and had somebody in between, is given the whole of its time again at the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from common import feed
from common.calls import rooms_with_calls
from common.clock import from_ms
from common.logs import get_logger
from common.postgres import Connection
from common.units import MINUTES
from control.outbox import announce
from control.rooms import queries
from control.rooms.membership import archive
from control.services import Services

_log = get_logger(__name__)

EVERY: Final = 1 * MINUTES
PATIENCE: Final = timedelta(minutes=10)
BATCH: Final = 500  # rooms looked at together
_NOBODY: Final = "00000000-0000-0000-0000-000000000000"  # before all ids


async def sweep(services: Services) -> int:
    """Look at every call; how many were closed. Whichever process does it first, it is done once. Raises `StoreUnavailable`."""
    now = from_ms(services.clock())
    closed, after = 0, _NOBODY
    while rooms := await services.db.read(_calls, after):
        active = await rooms_with_calls(services.redis, rooms)
        idle = [room for room in rooms if room not in active]
        due = await services.db.transaction(_note, sorted(active), idle, now)
        for room in due:
            closed += await services.db.transaction(_close, room, now)
        after = rooms[-1]
    return closed


async def _calls(connection: Connection, after: str) -> list[str]:
    return [row["id"] for row in await connection.fetch(queries.CALLS, after, BATCH)]


async def _note(
    connection: Connection, active: Sequence[str], idle: Sequence[str], now: datetime
) -> list[str]:
    """Write down which calls are empty since when; those that have been for long enough."""
    await connection.execute(queries.CALLS_BUSY, active)
    await connection.execute(queries.CALLS_IDLE, idle, now)
    return [row["id"] for row in await connection.fetch(queries.CALLS_DUE, idle, now - PATIENCE)]


async def _close(connection: Connection, room: str, now: datetime) -> bool:
    await connection.execute(queries.LOCK_ROOM, room)
    if not await connection.fetch(queries.CALLS_DUE, [room], now - PATIENCE):
        return False  # another process was first
    members = [row["user_id"] for row in await connection.fetch(queries.REMOVE_ALL, room)]
    await archive(connection, room)
    await announce(connection, feed.RoomArchived(room=room, members=members, by=""))
    _log.info("a call is over", room=room, members=len(members))
    return True
