"""Who of a room's members is here now, as told to whoever opens it: at most `MOST` of them, and counts of all.

What is read of a room is shared by all who open it within `FRESH`, which is shorter than the time for which presence
gathers its news: so a change that is not in the list is told after the room was opened, never before. Of it each is
told what they may know (`circle`).
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import trio

from chatd.batcher import Batcher
from chatd.core.presence import Word
from chatd.presence.circle import Circle, Circles, Setting
from chatd.presence.presence import Presence
from common import protocol
from common.errors import StoreUnavailable
from common.postgres import Connection, Postgres
from common.units import MILLISECONDS

FRESH: Final = 100 * MILLISECONDS
_MEMBERS: Final = 5000  # looked at in one room: as many as a room can have
_ROOMS: Final = 1000  # remembered at once

_SELECT: Final = """
    SELECT asked.room_id::text AS room_id, member.user_id::text AS user_id, users.presence AS setting
    FROM unnest($1::uuid[]) AS asked(room_id)
    CROSS JOIN LATERAL (
        SELECT user_id FROM members WHERE members.room_id = asked.room_id LIMIT $2
    ) AS member
    JOIN users ON users.id = member.user_id
    WHERE users.presence <> 'nobody'
"""


class Present(NamedTuple):
    """A member who is here, and who may know it."""

    user: str
    state: Word
    setting: Setting


class Here(NamedTuple):
    """Who of a room is here, as one person may know it."""

    participants: list[protocol.Participant]
    online: int = 0
    away: int = 0


class Participants:
    """Lists of who is here, by room."""

    def __init__(self, postgres: Postgres, presence: Presence, circles: Circles) -> None:
        self._postgres = postgres
        self._presence = presence
        self._circles = circles
        self._known: OrderedDict[str, tuple[float, list[Present]]] = OrderedDict()
        self._batcher: Batcher[str, list[Present]] = Batcher(self._load, most=20)

    async def run(self) -> None:
        """Answer questions, for ever."""
        await self._batcher.run()

    async def of(self, room: str, viewer: str) -> Here:
        """Who is here. Nobody when it cannot be known now: it is a courtesy, and later news correct it."""
        try:
            circle = await self._circles.of(viewer)
            return _seen_by(viewer, circle, await self._present(room))
        except StoreUnavailable:
            return Here([])

    async def _present(self, room: str) -> list[Present]:
        now = trio.current_time()
        known = self._known.get(room)
        if known is not None and known[0] >= now:
            return known[1]
        found = await self._batcher.ask(room) or []
        self._known[room] = (now + FRESH, found)
        self._known.move_to_end(room)
        if len(self._known) > _ROOMS:
            self._known.popitem(last=False)
        return found

    async def _load(self, rooms: Sequence[str]) -> Mapping[str, list[Present]]:
        rows = await self._postgres.read(_members, list(rooms))
        states = await self._presence.states(list({row["user_id"] for row in rows}))
        found: dict[str, list[Present]] = defaultdict(list)
        for row in rows:
            state = states.get(row["user_id"])
            if state is not None and state != "offline":
                found[row["room_id"]].append(Present(row["user_id"], state, row["setting"]))
        for present in found.values():
            present.sort(key=lambda each: each.state == "away")
        return found


async def _members(connection: Connection, rooms: list[str]) -> list[Any]:
    return await connection.fetch(_SELECT, rooms, _MEMBERS)


def _seen_by(viewer: str, circle: Circle, present: list[Present]) -> Here:
    seen = [each for each in present if each.user == viewer or circle.may_know(each.user, each.setting)]
    away = sum(each.state == "away" for each in seen)
    listed = [protocol.Participant(each.user, each.state) for each in seen[: protocol.MAX_PARTICIPANTS]]
    return Here(listed, len(seen) - away, away)
