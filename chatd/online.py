"""Who of a room's members is online now, as told to whoever opens it: at most `MOST` of them.

A list is shared by all who open the room within `FRESH`, which is shorter than the time for which presence gathers its
news: so a change that is not in the list is told after the room was opened, never before.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import trio

from chatd.batcher import Batcher
from chatd.presence import Presence
from common.errors import StoreUnavailable
from common.postgres import Connection, Postgres
from common.units import MILLISECONDS

MOST: Final = 500
FRESH: Final = 100 * MILLISECONDS
_ROOMS: Final = 10_000  # remembered at once

_MEMBERS: Final = """
    SELECT asked.room_id::text AS room_id, member.user_id::text AS user_id
    FROM unnest($1::uuid[]) AS asked(room_id)
    CROSS JOIN LATERAL (
        SELECT user_id FROM members WHERE members.room_id = asked.room_id LIMIT $2
    ) AS member
"""


class Online:
    """Lists of people online, by room."""

    def __init__(self, postgres: Postgres, presence: Presence) -> None:
        self._postgres = postgres
        self._presence = presence
        self._known: OrderedDict[str, tuple[float, list[str]]] = OrderedDict()
        self._batcher: Batcher[str, list[str]] = Batcher(self._load, most=50)

    async def run(self) -> None:
        """Answer questions, for ever."""
        await self._batcher.run()

    async def of(self, room: str) -> list[str]:
        """The ids of members online. Empty when it cannot be known now: it is a courtesy, and later news correct it."""
        now = trio.current_time()
        known = self._known.get(room)
        if known is not None and known[0] >= now:
            return known[1]
        try:
            found = await self._batcher.ask(room) or []
        except StoreUnavailable:
            return []
        self._known[room] = (now + FRESH, found)
        self._known.move_to_end(room)
        if len(self._known) > _ROOMS:
            self._known.popitem(last=False)
        return found

    async def _load(self, rooms: Sequence[str]) -> Mapping[str, list[str]]:
        rows = await self._postgres.read(_members, list(rooms))
        online = await self._presence.online(list({row["user_id"] for row in rows}))
        found: dict[str, list[str]] = {room: [] for room in rooms}
        for row in rows:
            if row["user_id"] in online:
                found[row["room_id"]].append(row["user_id"])
        return found


async def _members(connection: Connection, rooms: list[str]) -> list[Any]:
    return await connection.fetch(_MEMBERS, rooms, MOST)
