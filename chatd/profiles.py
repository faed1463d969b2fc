"""How people are called and look by now, told to those here who see them.

That is whoever shares a room with them, has them on a list of friends, or is themselves; but nobody whom they blocked.
Who that is, PostgreSQL says, once for all who changed within a moment. Of one person only the last state is told. It may
be lost on a socket that is busy: whoever shows people asks control for them again when he comes back.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple, NoReturn, Protocol

import trio

from chatd.spreading import Listener, spread
from common import feed, protocol
from common.codec import push_frame
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.postgres import Connection, Postgres
from common.supervise import Backoff, jittered
from common.units import SECONDS

_log = get_logger(__name__)

GATHER: Final = 0.5 * SECONDS
BATCH: Final = 100  # people in one question
MOST: Final = 10_000  # people who wait; of more, those who changed first are not told

_ROOMS: Final = """
    SELECT user_id::text AS user_id, room_id::text AS room_id FROM members WHERE user_id = ANY($1::uuid[])
"""
_KEEPERS: Final = """
    SELECT other_id::text AS user_id, user_id::text AS viewer FROM relations
    WHERE other_id = ANY($1::uuid[]) AND kind = 'friend'
"""
_BLOCKED: Final = """
    SELECT user_id::text AS user_id, other_id::text AS viewer FROM relations
    WHERE user_id = ANY($1::uuid[]) AND kind = 'blocked'
"""


class Hub(Protocol):
    """The hub, as far as it is asked."""

    @property
    def connections(self) -> Collection[Listener]:
        """All that are live here, now."""

    def of_user(self, user: str) -> Sequence[Listener]:
        """The connections of a person here, now."""


class Present(Protocol):
    """The roster, as far as it is asked."""

    def present(self, room: str) -> AbstractSet[str]:
        """The members of a room who are connected here."""


class Circle(NamedTuple):
    """Who is to be told of somebody: the members of `rooms`, and those `keepers` who have them as a friend; but no one who is
    `blocked`."""

    rooms: set[str]
    keepers: set[str]
    blocked: set[str]


class Profiles:
    """The people whose looks are still to be told here."""

    def __init__(self, postgres: Postgres, hub: Hub, roster: Present) -> None:
        self._postgres = postgres
        self._hub = hub
        self._roster = roster
        self._waiting: OrderedDict[str, protocol.Profile] = OrderedDict()
        self._filled = trio.Event()

    def changed(self, change: feed.ProfileChanged) -> None:
        """Somebody is called otherwise, or looks otherwise: tell it soon. Told twice, it is the same."""
        self._waiting[change.user] = protocol.Profile(
            user=change.user,
            nickname=change.nickname,
            avatar=change.avatar,
            status=change.status,
            badge=change.badge,
        )
        self._waiting.move_to_end(change.user)
        if len(self._waiting) > MOST:
            self._waiting.popitem(last=False)
        self._filled.set()

    async def run(self) -> NoReturn:
        """Tell, for ever. While PostgreSQL is away, it waits."""
        backoff, failing = Backoff(), False
        while True:
            await self._filled.wait()
            await trio.sleep(jittered(GATHER, 0.5))
            batch = list(self._waiting)[:BATCH]
            try:
                circles = await self._postgres.snapshot(_circles, batch)
            except StoreUnavailable as fault:
                if not failing:
                    _log.info("how people look by now is told later", why=str(fault))
                failing = True
                await trio.sleep(backoff.next())
                continue
            backoff.reset()
            failing = False
            pushes = [self._waiting.pop(user) for user in batch if user in self._waiting]
            if not self._waiting:
                self._filled = trio.Event()
            for push in pushes:
                await spread(
                    self._audience(push.user, circles[push.user]),
                    push_frame(push),
                    here=self._hub.connections,
                )

    def _audience(self, user: str, circle: Circle) -> list[Listener]:
        viewers = {user, *circle.keepers}.union(*(self._roster.present(room) for room in circle.rooms))
        return [who for viewer in viewers - circle.blocked for who in self._hub.of_user(viewer)]


async def _circles(connection: Connection, users: Sequence[str]) -> dict[str, Circle]:
    circles = {user: Circle(set(), set(), set()) for user in users}
    for row in await connection.fetch(_ROOMS, users):
        circles[row["user_id"]].rooms.add(row["room_id"])
    for row in await connection.fetch(_KEEPERS, users):
        circles[row["user_id"]].keepers.add(row["viewer"])
    for row in await connection.fetch(_BLOCKED, users):
        circles[row["user_id"]].blocked.add(row["viewer"])
    return circles
