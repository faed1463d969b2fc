"""Which of the people connected here are in which room, whether or not they have it open.

A person's rooms are read from PostgreSQL when their first connection comes and whenever their membership changes, many
people in one question, and forgotten with their last connection: some 60 bytes a person and room. What cannot be read now
is read once it can be: until then who came is in no room, and who was here in those that they are not known to have left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence, Set
from typing import Any, Final, Protocol

import trio

from common.errors import StoreUnavailable
from common.logs import get_logger
from common.postgres import Connection, Postgres
from common.supervise import Backoff
from common.units import SECONDS

_log = get_logger(__name__)

BATCH: Final = 500  # people in one question

_ROOMS: Final = """
    SELECT asked.user_id::text AS user_id, array(SELECT room_id::text FROM members m WHERE m.user_id = asked.user_id) AS rooms
    FROM unnest($1::uuid[]) AS asked(user_id)
"""


class People(Protocol):
    """The hub, as far as it is asked."""

    def of_user(self, user: str) -> Collection[object]:
        """The connections of a person here, now."""


class Roster:
    """The members of rooms who are connected here."""

    def __init__(self, postgres: Postgres, hub: People) -> None:
        self._postgres = postgres
        self._hub = hub
        self._rooms: dict[str, frozenset[str]] = {}  # by user
        self._members: dict[str, dict[str, None]] = defaultdict(dict)  # by room; none is empty
        self._unread: dict[
            str, None
        ] = {}  # people whose rooms are to be read; who has waited longest is first
        self._reading: Collection[str] = ()
        self._parted: dict[str, set[str]] = {}  # of whom is being read: the rooms that they left meanwhile
        self._asked = trio.Event()
        self._moved = trio.lowlevel.ParkingLot()

    def came(self, user: str) -> None:
        """A connection of a person is here."""
        if user not in self._rooms:
            self._ask(user)

    def went(self, user: str) -> None:
        """A connection of a person is gone, and perhaps it was the last."""
        if not self._hub.of_user(user):
            self._unread.pop(user, None)
            self._place(user, frozenset())

    def changed(self, user: str) -> None:
        """A person became, or is no longer, a member somewhere."""
        if self._hub.of_user(user):
            self._ask(user)

    def left(self, user: str, room: str) -> None:
        """A person is out of a room, whatever is read that was asked before. Who may be back is to be read again."""
        if user in self._reading:
            self._parted.setdefault(user, set()).add(room)
        if room in (rooms := self._rooms.get(user, frozenset())):
            self._place(user, rooms - {room})
            self._rooms[user] = rooms - {room}

    def all_changed(self) -> None:
        """Something may have changed unheard."""
        for user in list(self._rooms):
            self._ask(user)

    def present(self, room: str) -> Set[str]:
        """The members of a room who are connected here."""
        return self._members.get(room, {}).keys()

    async def settled(self, within: float) -> None:
        """Return once the rooms of everybody who is here now are known, or after `within` seconds."""
        asked = {*self._unread, *self._reading}
        with trio.move_on_after(within):
            while not asked.isdisjoint(self._unread) or not asked.isdisjoint(self._reading):
                await self._moved.park()

    async def run(self) -> None:
        """Read, for ever."""
        backoff = Backoff(most=2 * SECONDS)
        while True:
            await self._asked.wait()
            users = list(self._unread)[:BATCH]
            for user in users:
                del self._unread[user]
            if not self._unread:
                self._asked = trio.Event()
            self._reading = set(users)
            try:
                rows = await self._postgres.read(_rooms, users)
            except StoreUnavailable as fault:
                _log.info("the rooms of people cannot be read now", why=str(fault), people=len(users))
                for user in users:
                    self.changed(user)
                await trio.sleep(backoff.next())
            else:
                backoff.reset()
                for row in rows:
                    user = row["user_id"]
                    self._take(user, frozenset(row["rooms"]) - self._parted.get(user, set()))
            self._reading, self._parted = (), {}
            self._moved.unpark_all()

    def _ask(self, user: str) -> None:
        self._unread[user] = None
        self._asked.set()

    def _take(self, user: str, rooms: frozenset[str]) -> None:
        if self._hub.of_user(user):
            self._place(user, rooms)
            self._rooms[user] = rooms  # also when they are none: then that is known

    def _place(self, user: str, rooms: frozenset[str]) -> None:
        before = self._rooms.pop(user, frozenset())
        for room in before - rooms:
            members = self._members[room]
            members.pop(user, None)
            if not members:
                del self._members[room]
        for room in rooms - before:
            self._members[room][user] = None


async def _rooms(connection: Connection, users: Sequence[str]) -> list[Any]:
    return await connection.fetch(_ROOMS, users)
