"""How far people have read: one cursor a member, the mseq up to which everything is read, kept in PostgreSQL.

Cursors only go forward, and never beyond what a room has had, so marks may come in any order, twice, and from any number
of devices and replicas at once: the furthest counts. A mark is answered once it is written. What gathers while the last
statement is under way is written together, each cursor once, so a flood of marks costs a statement now and then.

Who says something has read what stood before it. Such marks come with every message, nobody waits for them, and so they
are gathered for `LULL` first: a person who talks costs a room one row a second at most. A replica that is killed takes the
last second of them along; the next mark, or the next message, makes it good.

A cursor that moved is told to its person's other devices, with what remains unread, and to the room, if it is small. Across a block
nobody is told, as nobody is seen to be here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

import trio

from chatd.news import News
from chatd.presence.circle import Circle
from common import protocol
from common.errors import MadangError, StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter
from common.mongo import Mongo
from common.postgres import Connection, Postgres
from common.roomlog import mentions
from common.roomlog.mentions import Unread
from common.roomlog.position import Entry
from common.supervise import Backoff
from common.units import SECONDS

_log = get_logger(__name__)
_moved = Counter("madang_chatd_cursors_moved_total", "Read cursors that went forward.")

BATCH: Final = 500  # cursors in one statement
LULL: Final = 1 * SECONDS
MOST: Final = 20_000  # cursors that may wait; past it marks are refused

# Every row is locked in one order, so that replicas which write the same cursors do not wait for each other in a ring.
# What is locked is the newest version, whatever this statement's snapshot had seen.
_MARK: Final = """
    WITH asked AS (
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS asked(user_id, room_id, mseq)
    ), held AS (
        SELECT m.user_id, m.room_id, m.last_read, asked.mseq
        FROM members m JOIN asked ON m.user_id = asked.user_id AND m.room_id = asked.room_id
        ORDER BY m.room_id, m.user_id
        FOR NO KEY UPDATE OF m
    ), moved AS (
        UPDATE members m SET last_read = held.mseq
        FROM held
        WHERE m.room_id = held.room_id AND m.user_id = held.user_id AND held.last_read < held.mseq
    )
    SELECT user_id::text AS user_id, room_id::text AS room_id, last_read AS before,
           greatest(last_read, mseq) AS last_read
    FROM held
"""

Key = tuple[str, str]  # user, room


class Waiter(Protocol):
    """Who waits for a mark to be written."""

    def settle(self, outcome: int | MadangError) -> None:
        """The one answer: how far this person has read now, or why not. Must not fail or wait."""


class Rooms(Protocol):
    """The hub, as far as it is asked."""

    def messages(self, room_id: str) -> int:
        """How many messages a room has had, as far as it is known here."""

    def since(self, room_id: str, mseq: int) -> Sequence[Entry] | None:
        """What came after the message `mseq`; None when that is not remembered here."""


class Circles(Protocol):
    """The circles, as far as they are asked."""

    async def of(self, viewer: str) -> Circle:
        """Whom a person blocked, among others. Raises `StoreUnavailable`."""


class _Mark:
    """A cursor that is to be moved, for all who asked for it meanwhile."""

    __slots__ = ("head", "hidden", "mseq", "shown", "waiters")

    def __init__(self) -> None:
        self.mseq = 0
        self.head = 0  # how many messages the room has had, as far as whoever asked knew
        self.shown = False  # to the room
        self.hidden: Collection[str] = ()  # from these people in it
        self.waiters: list[Waiter] = []


class _Moved(NamedTuple):
    """A cursor that went forward."""

    user: str
    room: str
    mseq: int
    head: int


class Cursors:
    """The cursors that are moved on this replica."""

    def __init__(self, postgres: Postgres, mongo: Mongo, news: News, rooms: Rooms, circles: Circles) -> None:
        self._postgres = postgres
        self._mongo = mongo
        self._news = news
        self._rooms = rooms
        self._circles = circles
        self._marks: dict[Key, _Mark] = {}
        self._marked = trio.Event()
        self._spoken: dict[Key, int] = {}
        self._spoke = trio.Event()
        self._untold: dict[Key, _Moved] = {}
        self._moves = trio.Event()
        self._idle = trio.lowlevel.ParkingLot()
        self._writing = False

    # --- what others call -----------------------------------------------------------------------------------------

    def mark(
        self,
        user: str,
        room: str,
        mseq: int,
        waiter: Waiter,
        *,
        head: int,
        shown: bool,
        hidden: Collection[str] = (),
    ) -> None:
        """Move a cursor to `mseq`; the room has had `head` messages. `waiter` is settled once.

        `shown`: the room is told, but for the people it is `hidden` from.

        Raises MadangError `overloaded` when too much waits already. The waiter may hear `not_a_member`, `unavailable`.
        """
        if len(self._marks) >= MOST:
            raise MadangError("overloaded", retry_after_ms=1000)
        mark = self._add(user, room, mseq, head)
        mark.shown |= shown
        mark.hidden = hidden  # the latest is the freshest
        mark.waiters.append(waiter)

    def spoke(self, user: str, room: str, mseq: int) -> None:
        """A message of `user` has that mseq: what stood before it is read. The room sees that by itself."""
        key = (user, room)
        if len(self._spoken) < MOST or key in self._spoken:
            self._spoken[key] = max(mseq, self._spoken.get(key, 0))
            self._spoke.set()

    async def written(self) -> None:
        """Return once nothing waits to be written."""
        self._take_spoken()
        while self._marks or self._writing:
            await self._idle.park()

    async def run(self) -> None:
        """Write and tell, for ever."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._gather)
            nursery.start_soon(self._write)
            nursery.start_soon(self._tell)

    # --- writing --------------------------------------------------------------------------------------------------

    def _add(self, user: str, room: str, mseq: int, head: int) -> _Mark:
        mark = self._marks.setdefault((user, room), _Mark())
        mark.mseq, mark.head = max(mark.mseq, mseq), max(mark.head, head)
        self._marked.set()
        return mark

    async def _gather(self) -> None:
        while True:
            await self._spoke.wait()
            await trio.sleep(LULL)
            self._take_spoken()

    def _take_spoken(self) -> None:
        spoken, self._spoken = self._spoken, {}
        self._spoke = trio.Event()
        for (user, room), mseq in spoken.items():
            self._add(user, room, mseq, mseq)

    async def _write(self) -> None:
        backoff = Backoff(most=2 * SECONDS)
        while True:
            await self._marked.wait()
            batch = {key: self._marks.pop(key) for key in list(self._marks)[:BATCH]}
            if not self._marks:
                self._marked = trio.Event()
            self._writing = True
            try:
                rows = await self._postgres.transaction(_mark, batch)
            except StoreUnavailable as fault:
                _log.warning("cursors cannot be written now", why=str(fault), count=len(batch))
                self._put_off(batch)
                await trio.sleep(backoff.next())
            else:
                backoff.reset()
                self._settle(batch, rows)
            self._writing = False
            self._idle.unpark_all()

    def _put_off(self, batch: Mapping[Key, _Mark]) -> None:
        """Who waits is refused; what they have read is written all the same, once it can be."""
        refusal = MadangError("unavailable", retry_after_ms=1000)
        for (user, room), mark in batch.items():
            for waiter in mark.waiters:
                waiter.settle(refusal)
            self.spoke(user, room, mark.mseq)

    def _settle(self, batch: Mapping[Key, _Mark], rows: Sequence[Any]) -> None:
        cursors = {(row["user_id"], row["room_id"]): row for row in rows}
        for (user, room), mark in batch.items():
            row = cursors.get((user, room))
            for waiter in mark.waiters:
                waiter.settle(MadangError("not_a_member") if row is None else row["last_read"])
            if row is not None and row["before"] < row["last_read"]:
                self._has_moved(_Moved(user, room, row["last_read"], mark.head), mark)

    # --- telling --------------------------------------------------------------------------------------------------

    def _has_moved(self, moved: _Moved, mark: _Mark) -> None:
        _moved.inc()
        if mark.shown:
            push = protocol.Read(room=moved.room, user=moved.user, mseq=moved.mseq)
            self._news.tell_room(moved.room, push, about=moved.user, hidden=mark.hidden)
        self._untold[moved.user, moved.room] = moved
        self._moves.set()

    async def _tell(self) -> None:
        """Tell people of their own cursors; what gathers while mentions are counted is told together."""
        while True:
            await self._moves.wait()
            moves = [self._untold.pop(key) for key in list(self._untold)[:BATCH]]
            if not self._untold:
                self._moves = trio.Event()
            moves = [move._replace(head=max(move.head, self._rooms.messages(move.room))) for move in moves]
            counts = await self._mentions(moves)
            for move in moves:
                push = protocol.PersonalRead(
                    room=move.room,
                    mseq=move.mseq,
                    unread=max(0, move.head - move.mseq),
                    mentions=None if counts is None else counts.get(move[:2], 0),
                )
                self._news.tell_person(move.user, push)

    async def _mentions(self, moves: Sequence[_Moved]) -> Mapping[Key, int] | None:
        """How many mentions remain unread; None when that cannot be known now. What is of just now is known here."""
        said: dict[Key, mentions.Mentions] = {}
        behind: list[Unread] = []
        for user, room, mseq, head in moves:
            since = self._rooms.since(room, mseq) if mseq < head else []
            if since is None:
                behind.append(Unread(user, room, mseq))
            elif found := mentions.among(since, user):
                said[user, room] = found
        try:
            said |= await mentions.unread(self._mongo, behind)
            return {key: mentions.count(said[key], (await self._circles.of(key[0])).shuns) for key in said}
        except StoreUnavailable as fault:
            _log.info("mentions cannot be counted now", why=str(fault))
            return None


async def _mark(connection: Connection, batch: Mapping[Key, _Mark]) -> list[Any]:
    return await connection.fetch(
        _MARK,
        [user for user, _ in batch],
        [room for _, room in batch],
        [mark.mseq for mark in batch.values()],
    )
