"""Who of a room's members is here now, as told to whoever opens it: at most `MOST` of them, and counts of all.

What is read of a room is shared by all who open it within `FRESH`, which is shorter than the time for which presence
gathers its news: so a change that is not in the list is told after the room was opened, never before. Who its members are
is shared for a little longer; a newcomer who is here is introduced besides. Of it each is told what they may know
(`circle`), and nearly everybody may know the same: that is made once, for a storm of thousands who open a large room.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

import trio

from chatd.batcher import Batcher
from chatd.core.presence import Word
from chatd.presence.circle import Circle, Circles, Setting
from chatd.presence.presence import Presence
from common import protocol
from common.errors import StoreUnavailable
from common.postgres import Connection, Postgres
from common.units import MILLISECONDS, SECONDS

FRESH: Final = 100 * MILLISECONDS
MEMBERS_FRESH: Final = 2 * SECONDS
_MEMBERS: Final = 5000  # looked at in one room: as many as a room can have
_ROOMS: Final = 1000  # remembered at once

T = TypeVar("T")

_SELECT: Final = """
    SELECT asked.room_id::text AS room_id, member.user_id::text AS user_id, users.presence AS setting
    FROM unnest($1::uuid[]) AS asked(room_id)
    CROSS JOIN LATERAL (
        SELECT user_id FROM members WHERE members.room_id = asked.room_id LIMIT $2
    ) AS member
    JOIN users ON users.id = member.user_id
    WHERE users.presence <> 'nobody'
"""


class Member(NamedTuple):
    """A member, and who may know whether they are here."""

    user: str
    setting: Setting


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


class _Room(NamedTuple):
    """What is known of a room: who is here, those of them who are particular about who knows, and what most may know."""

    present: list[Present]
    people: frozenset[str]
    particular: frozenset[str]
    most: Here

    def seen_by(self, viewer: str, circle: Circle) -> Here:
        if (
            viewer not in self.particular
            and circle.blocked.isdisjoint(self.people)
            and circle.listed_by.isdisjoint(self.particular)
        ):
            return self.most
        return _here(
            [each for each in self.present if each.user == viewer or circle.may_know(each.user, each.setting)]
        )


class Participants:
    """Lists of who is here, by room."""

    def __init__(self, postgres: Postgres, presence: Presence, circles: Circles) -> None:
        self._postgres = postgres
        self._presence = presence
        self._circles = circles
        self._known: OrderedDict[str, tuple[float, _Room]] = OrderedDict()
        self._members: OrderedDict[str, tuple[float, list[Member]]] = OrderedDict()
        self._batcher: Batcher[str, _Room] = Batcher(self._load, most=20)

    async def run(self) -> None:
        """Answer questions, for ever."""
        await self._batcher.run()

    def forget(self) -> None:
        """Who may know of somebody is another: nothing that was read before is told any more."""
        self._members.clear()
        self._known.clear()

    async def of(self, room: str, viewer: str) -> Here:
        """Who is here. Nobody when it cannot be known now: it is a courtesy, and later news correct it."""
        try:
            circle = await self._circles.of(viewer)
            known = await self._room(room)
        except StoreUnavailable:
            return Here([])
        return known.seen_by(viewer, circle) if known else Here([])

    async def _room(self, room: str) -> _Room | None:
        known = _fresh(self._known, room)
        if known is None and (known := await self._batcher.ask(room)):
            _remember(self._known, room, known, FRESH)
        return known

    async def _load(self, rooms: Sequence[str]) -> Mapping[str, _Room]:
        members = await self._members_of(rooms)
        states = await self._presence.states(list({each.user for of in members.values() for each in of}))
        found = {}
        for room, of in members.items():
            here = [
                Present(each.user, state, each.setting)
                for each in of
                if (state := states.get(each.user)) is not None and state != "offline"
            ]
            here.sort(key=lambda each: each.state == "away")
            found[room] = _Room(
                present=here,
                people=frozenset(each.user for each in here),
                particular=frozenset(each.user for each in here if each.setting != "everyone"),
                most=_here([each for each in here if each.setting == "everyone"]),
            )
        return found

    async def _members_of(self, rooms: Sequence[str]) -> dict[str, list[Member]]:
        members = {room: known for room in rooms if (known := _fresh(self._members, room)) is not None}
        unknown = [room for room in rooms if room not in members]
        if unknown:
            read: dict[str, list[Member]] = {room: [] for room in unknown}
            for row in await self._postgres.read(_members, unknown):
                read[row["room_id"]].append(Member(row["user_id"], row["setting"]))
            for room, of in read.items():
                _remember(self._members, room, of, MEMBERS_FRESH)
            members |= read
        return members


def _fresh(known: Mapping[str, tuple[float, T]], room: str) -> T | None:
    until, value = known.get(room, (float("-inf"), None))
    return value if until >= trio.current_time() else None


def _remember(known: OrderedDict[str, tuple[float, T]], room: str, value: T, seconds: float) -> None:
    known[room] = (trio.current_time() + seconds, value)
    known.move_to_end(room)
    if len(known) > _ROOMS:
        known.popitem(last=False)


def _here(seen: list[Present]) -> Here:
    away = sum(each.state == "away" for each in seen)
    listed = [protocol.Participant(each.user, each.state) for each in seen[: protocol.MAX_PARTICIPANTS]]
    return Here(listed, len(seen) - away, away)


async def _members(connection: Connection, rooms: list[str]) -> list[Any]:
    return await connection.fetch(_SELECT, rooms, _MEMBERS)
