"""Who was in which room, written into PostgreSQL for their records: every few seconds, in one transaction.

With what it writes, a replica leaves a sign of life. When one died, its stays go on in the table; whoever finds that sign
too old ends them at it, so nobody was there longer than somebody saw. A replica that was taken for dead and was not
learns it by its next sign, and writes what still goes on anew. While PostgreSQL is away, stays wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Final

import trio

from chatd.core.attendance import Attendance, Key, Stay
from common.clock import from_ms, now_ms
from common.errors import StoreUnavailable
from common.ids import uuid7
from common.logs import get_logger
from common.metrics import Counter
from common.postgres import Connection, Postgres
from common.supervise import jittered
from common.units import to_ms

_log = get_logger(__name__)
_lost = Counter("madang_chatd_stays_lost_total", "Ended stays given up because PostgreSQL was away too long.")

MOST: Final = 2000  # stays in one statement, and seen before others may run

# Whether it is the first sign, or the first since others took this boot for dead.
_BEAT: Final = """
    INSERT INTO replica_beats AS beat (boot, at) VALUES ($1, now())
    ON CONFLICT (boot) DO UPDATE SET at = excluded.at
    RETURNING xmax = 0 AS first
"""
_WRITE: Final = """
    INSERT INTO stays (id, user_id, room_id, category, boot, entered_at, left_at)
    SELECT said.id, said.user_id, said.room_id, rooms.category, $1, said.entered_at, said.left_at
    FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[])
        AS said(id, user_id, room_id, entered_at, left_at)
    JOIN rooms ON rooms.id = said.room_id
    JOIN users ON users.id = said.user_id
    ON CONFLICT (id) DO UPDATE SET left_at = excluded.left_at
"""
_BURY: Final = """
    WITH dead AS (
        DELETE FROM replica_beats WHERE at < now() - make_interval(secs => $1) RETURNING boot, at
    )
    UPDATE stays SET left_at = greatest(stays.entered_at, dead.at)
    FROM dead
    WHERE stays.boot = dead.boot AND stays.left_at IS NULL
"""
_GO: Final = "DELETE FROM replica_beats WHERE boot = $1"


class AttendanceBook:
    """What this boot of the replica writes.

    Args:
        here: tells who is in which room now; read bit by bit.
        every: seconds between two looks.
        dead_after: seconds without a sign of life after which a replica is taken for dead.
        calm: seconds for which somebody must not be seen, to have left.
    """

    def __init__(
        self,
        postgres: Postgres,
        boot: str,
        here: Callable[[], Iterator[Key]],
        *,
        every: float,
        dead_after: float,
        calm: float,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self._postgres = postgres
        self._boot = boot
        self._here = here
        self._every = every
        self._dead_after = dead_after
        self._clock = clock
        self._attendance = Attendance(uuid7, to_ms(calm))

    async def run(self) -> None:
        """Look around and write, for ever."""
        away = False
        while True:
            try:
                await self.look()
                away = False
            except StoreUnavailable as fault:
                if not away:
                    _log.warning("who is in which room cannot be written now", why=str(fault))
                away = True
            await trio.sleep(jittered(self._every))

    async def look(self) -> None:
        """Look around and write, now. Raises `StoreUnavailable`; what was not written stays."""
        here, now = self._here(), self._clock()
        while some := list(islice(here, MOST)):
            self._attendance.see(some, now)
            await trio.lowlevel.checkpoint()
        self._attendance.settle(now)
        await self._write()
        await self._postgres.transaction(_bury, self._dead_after)

    async def close(self) -> None:
        """Everybody is gone: the replica stops, in order. Raises `StoreUnavailable`."""
        self._attendance.end()
        await self._write()
        await self._postgres.transaction(_go, self._boot)

    async def _write(self) -> None:
        _lost.inc(self._attendance.take_lost())
        while True:
            batch = self._attendance.unwritten(MOST)
            told = [(stay, stay.left) for stay in batch]
            if await self._postgres.transaction(_tell, self._boot, batch):
                self._attendance.forgotten()
            self._attendance.written(stay for stay, left in told if stay.left == left)
            if len(batch) < MOST:
                return


async def _tell(connection: Connection, boot: str, stays: Sequence[Stay]) -> bool:
    first: bool = await connection.fetchval(_BEAT, boot)
    if stays:
        await connection.execute(
            _WRITE,
            boot,
            [stay.id for stay in stays],
            [stay.user for stay in stays],
            [stay.room for stay in stays],
            [from_ms(stay.entered) for stay in stays],
            [None if stay.left is None else from_ms(stay.left) for stay in stays],
        )
    return first


async def _bury(connection: Connection, after: float) -> None:
    await connection.execute(_BURY, after)


async def _go(connection: Connection, boot: str) -> None:
    await connection.execute(_GO, boot)
