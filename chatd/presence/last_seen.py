"""When each person was last seen, kept in PostgreSQL: when their last connection here ended, and every minute until then.

So a replica that is killed takes a minute of it with it at most. Writes are gathered, one statement for many people, and
only ever move a time forward, so that replicas need not agree on their order. While PostgreSQL is away nothing is lost:
what is unwritten is one time for each person, and waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Final

import trio

from common.clock import from_ms, now_ms
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.postgres import Connection, Postgres
from common.supervise import Backoff, jittered
from common.units import MINUTES, SECONDS

_log = get_logger(__name__)

EVERY: Final = 1 * MINUTES  # for those who stay
GATHER: Final = 1 * SECONDS  # for those who go
MOST: Final = 1000  # people in one statement

# In the order of ids, so that two replicas that write of the same people do not wait for each other in a circle.
_WRITE: Final = """
    INSERT INTO last_seen (user_id, at)
    SELECT said.user_id, said.at
    FROM unnest($1::uuid[], $2::timestamptz[]) AS said(user_id, at)
    JOIN users ON users.id = said.user_id
    ORDER BY said.user_id
    ON CONFLICT (user_id) DO UPDATE SET at = excluded.at WHERE last_seen.at < excluded.at
"""


class LastSeen:
    """What of it this replica knows."""

    def __init__(self, postgres: Postgres, *, clock: Callable[[], int] = now_ms) -> None:
        self._postgres = postgres
        self._clock = clock
        self._unwritten: dict[str, int] = {}  # user -> ms
        self._stirred = trio.Event()

    def left(self, user: str) -> None:
        """The last connection of a person with this replica ended, now."""
        self._unwritten[user] = self._clock()
        self._stirred.set()

    async def run(self, here: Callable[[], Sequence[str]]) -> None:
        """Write, for ever. `here` answers who has a connection now."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._look_around, here)
            nursery.start_soon(self._write)

    async def _look_around(self, here: Callable[[], Sequence[str]]) -> None:
        while True:
            await trio.sleep(jittered(EVERY))
            self._unwritten |= dict.fromkeys(here(), self._clock())
            self._stirred.set()

    async def _write(self) -> None:
        backoff = Backoff()
        while True:
            await self._stirred.wait()
            self._stirred = trio.Event()
            await trio.sleep(GATHER)
            try:
                await self.flush()
                backoff.reset()
            except StoreUnavailable as fault:
                _log.warning("when people were last seen cannot be written now", why=str(fault))
                self._stirred.set()
                await trio.sleep(backoff.next())

    async def flush(self) -> None:
        """Write what is unwritten, now. Raises `StoreUnavailable`; what was not written stays."""
        while self._unwritten:
            batch = dict(islice(self._unwritten.items(), MOST))
            await self._postgres.transaction(_write, batch)
            for user, at in batch.items():
                if self._unwritten.get(user) == at:
                    del self._unwritten[user]


async def _write(connection: Connection, batch: dict[str, int]) -> None:
    await connection.execute(_WRITE, list(batch), [from_ms(at) for at in batch.values()])
