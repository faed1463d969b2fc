"""Who came and went, brought to the sockets here that may see it: people with an open room that the person is in.

A person's rooms are asked from PostgreSQL once for a whole batch of changes, and not remembered: calm lets a person
change at most every few seconds, so a memory would seldom help, and would tell who left a room of people in it. Each
socket gets all that concerns it in one piece, each change once however many rooms are shared; its own person's never.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Final, Protocol

import trio

from chatd.core.presence import Change
from common import protocol
from common.codec import push_frame
from common.postgres import Connection, Postgres

BREATH: Final = 500  # sockets served before others may run
_SHARED: Final = 64  # pieces kept at once, for the sockets that hear of the same people

_ROOMS: Final = """
    SELECT user_id::text AS user_id, room_id::text AS room_id
    FROM members
    WHERE user_id = ANY($1::uuid[])
"""


class Listener(Protocol):
    """A connection, as far as it is told."""

    user: str

    def send_nowait(self, data: bytes) -> bool:
        """Hand over whole frames; False when they will not arrive."""


class Listeners(Protocol):
    """The hub, as far as it is asked."""

    def listeners(self, room_id: str) -> Collection[Listener]:
        """Who listens to a room here, now."""


People = frozenset[str]
RoomsOf = Callable[[Sequence[str]], Awaitable[Mapping[str, Sequence[str]]]]


def rooms_in(postgres: Postgres) -> RoomsOf:
    """The rooms of each of some users, as PostgreSQL has them, in one query. Raises `StoreUnavailable`."""

    async def select(connection: Connection, users: Sequence[str]) -> dict[str, list[str]]:
        rooms: dict[str, list[str]] = defaultdict(list)
        for row in await connection.fetch(_ROOMS, users):
            rooms[row["user_id"]].append(row["room_id"])
        return rooms

    async def rooms_of(users: Sequence[str]) -> dict[str, list[str]]:
        return await postgres.read(select, users)

    return rooms_of


class PresenceNews:
    """Call it with changes, one of each user: `Presence(on_change=PresenceNews(rooms_in(postgres), hub))`."""

    def __init__(self, rooms_of: RoomsOf, hub: Listeners) -> None:
        self._rooms_of = rooms_of
        self._hub = hub

    async def __call__(self, changes: Sequence[Change]) -> None:
        """Tell them. Raises `StoreUnavailable`, and nobody was told, when the rooms cannot be known now."""
        frames = {change.user: _frame(change) for change in changes}
        rooms = await self._rooms_of(list(frames))
        of_room: dict[str, set[str]] = defaultdict(set)
        for user in frames:
            for room in rooms.get(user, ()):
                of_room[room].add(user)
        heard = await self._heard(of_room)

        @lru_cache(maxsize=_SHARED)
        def joined(users: People) -> bytes:
            return b"".join([frames[user] for user in users])

        for number, (who, people) in enumerate(heard.items(), 1):
            others = people - {who.user} if who.user in people else people
            if others:
                who.send_nowait(joined(others))
            if number % BREATH == 0:
                await trio.lowlevel.checkpoint()

    async def _heard(self, of_room: Mapping[str, set[str]]) -> dict[Listener, People]:
        """Whom each connection hears of. A step for each listener of each room, however many changed in it."""
        both = lru_cache(maxsize=_SHARED)(frozenset.union)
        heard: dict[Listener, People] = {}
        steps = 0
        for room, users in of_room.items():
            people = frozenset(users)
            listeners = self._hub.listeners(room)
            for who in listeners:
                before = heard.get(who)
                heard[who] = people if before is None else both(before, people)
            steps += len(listeners)
            if steps >= BREATH:
                steps = 0
                await trio.lowlevel.checkpoint()
        return heard


def _frame(change: Change) -> bytes:
    return push_frame(protocol.Presence(user=change.user, state=change.state, at=change.at))
