"""Who may be in which room: PostgreSQL's word, remembered for half a minute, dropped at once when the feed says so.

Never in the fan-out path: it is asked when a room is opened and when something is said.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import trio

from chatd.batcher import Batcher
from common.clock import ms_of
from common.postgres import Connection, Postgres
from common.units import SECONDS, to_ms

FRESH: Final = 30 * SECONDS
_MOST: Final = 200_000  # remembered at once; the longest unused go first

_MEMBERS: Final = """
    SELECT m.user_id::text AS user_id, m.room_id::text AS room_id, m.role, m.joined_at, m.muted_until,
           r.history = 'all' AS sees_all, r.member_count, r.kind, r.capacity, r.slow_mode,
           CASE WHEN EXISTS (
                    SELECT 1 FROM relations
                    WHERE user_id = m.user_id AND other_id = across.other_id AND relations.kind = 'blocked'
                ) THEN 'blocked_by_me'
                WHEN EXISTS (
                    SELECT 1 FROM relations
                    WHERE user_id = across.other_id AND other_id = m.user_id AND relations.kind = 'blocked'
                ) THEN 'blocked'
           END AS barred
    FROM unnest($1::uuid[], $2::uuid[]) AS asked(user_id, room_id)
    JOIN members m ON m.user_id = asked.user_id AND m.room_id = asked.room_id
    JOIN rooms r ON r.id = m.room_id AND r.archived_at IS NULL
    CROSS JOIN LATERAL (  -- nobody, but in a direct room
        SELECT CASE WHEN r.pair_low = m.user_id THEN r.pair_high ELSE r.pair_low END AS other_id
    ) across
"""

Key = tuple[str, str]  # user, room


class Membership(NamedTuple):
    """What a member may. Times are milliseconds since 1970 UTC; nothing before `visible_from` is shown.

    `capacity` is how many members the room may have, `members` how many it has, or had half a minute ago; `slow_mode` the
    seconds of silence between two messages of a plain member. `barred` is the code of the error with which sending is
    refused, where one of the two of a direct room blocked the other.
    """

    role: str
    visible_from: int
    muted_until: int
    members: int = 0
    kind: str = "group"
    slow_mode: int = 0
    barred: str | None = None
    capacity: int = 0

    @property
    def pace_ms(self) -> int:
        """How long this member has to have been silent before a message."""
        return to_ms(self.slow_mode) if self.role == "member" else 0


class _Asking:
    """A question under way, shared by all who asked it meanwhile."""

    __slots__ = ("askers", "dropped")

    def __init__(self) -> None:
        self.askers = 0
        self.dropped = False


class Memberships:
    """The memberships that were asked for lately: 200,000 at most, which is some hundred megabytes.

    They are found by room, too: a room that changes is told to every replica, and costs what is known of that room alone.
    """

    def __init__(self, postgres: Postgres) -> None:
        self._postgres = postgres
        self._known: OrderedDict[Key, tuple[float, Membership | None]] = OrderedDict()
        self._users: defaultdict[str, set[str]] = defaultdict(set)  # by room, of those that are known
        self._asking: dict[Key, _Asking] = {}
        self._batcher: Batcher[Key, Membership] = Batcher(self._load)

    async def run(self) -> None:
        """Answer questions, for ever."""
        await self._batcher.run()

    def peek(self, user: str, room: str) -> Membership | None:
        """The membership if it is freshly known; None when it is not, or there is none."""
        found = self._known.get((user, room))
        if found is None or found[0] < trio.current_time():
            return None
        return found[1]

    async def get(self, user: str, room: str) -> Membership | None:
        """The membership, or None for who is not a member. Raises `StoreUnavailable`."""
        key = (user, room)
        known = self._known.get(key)
        if known is not None and known[0] >= trio.current_time():
            self._known.move_to_end(key)
            return known[1]
        return (await self._ask([key]))[key]

    async def among(self, users: Iterable[str], room: str) -> set[str]:
        """Those of `users` who are members; what is not freshly known is one question. Raises `StoreUnavailable`."""
        keys = [(user, room) for user in users]
        now = trio.current_time()
        found = {key: known[1] for key in keys if (known := self._known.get(key)) and known[0] >= now}
        if unknown := [key for key in keys if key not in found]:
            found |= await self._ask(unknown)
        return {user for (user, _), membership in found.items() if membership is not None}

    async def _ask(self, keys: Sequence[Key]) -> dict[Key, Membership | None]:
        asking = {key: self._asking.setdefault(key, _Asking()) for key in keys}
        for each in asking.values():
            each.askers += 1
        try:
            found = await self._batcher.ask_all(asking)
        finally:
            for key, each in asking.items():
                each.askers -= 1
                if not each.askers:
                    del self._asking[key]
        for key, each in asking.items():
            if not each.dropped:
                self._remember(key, found[key])
        return found

    def _remember(self, key: Key, membership: Membership | None) -> None:
        user, room = key
        self._known[key] = (trio.current_time() + FRESH, membership)
        self._users[room].add(user)
        if len(self._known) > _MOST:
            self._forget(next(iter(self._known)))

    def _forget(self, key: Key) -> None:
        if self._known.pop(key, None) is not None:
            user, room = key
            self._users[room].remove(user)
            if not self._users[room]:
                del self._users[room]

    def drop(self, user: str, room: str) -> None:
        """It changed: ask again the next time; an answer under way may be older than the change."""
        self._forget((user, room))
        if asking := self._asking.get((user, room)):
            asking.dropped = True

    def drop_room(self, room: str) -> None:
        """The room itself changed."""
        for user in list(self._users.get(room, ())):
            self._forget((user, room))
        for (_, of), asking in self._asking.items():
            if of == room:
                asking.dropped = True

    def drop_all(self) -> None:
        """Something may have changed unheard."""
        self._known.clear()
        self._users.clear()
        for asking in self._asking.values():
            asking.dropped = True

    async def _load(self, keys: Sequence[Key]) -> Mapping[Key, Membership]:
        rows = await self._postgres.read(_rows, [user for user, _ in keys], [room for _, room in keys])
        return {
            (row["user_id"], row["room_id"]): Membership(
                role=row["role"],
                visible_from=0 if row["sees_all"] else ms_of(row["joined_at"]),
                muted_until=ms_of(row["muted_until"]) if row["muted_until"] else 0,
                members=row["member_count"],
                kind=row["kind"],
                slow_mode=row["slow_mode"],
                barred=row["barred"],
                capacity=row["capacity"],
            )
            for row in rows
        }


async def _rows(connection: Connection, users: list[str], rooms: list[str]) -> list[Any]:
    return await connection.fetch(_MEMBERS, users, rooms)
