"""Lists that admins edit, kept in memory by every process.

PostgreSQL rings when one of them changes, so each process has it anew within moments, and answers from memory in between;
while the database is away it answers what it knew. All of them have one bell and share one session that listens to it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Final, NoReturn

import trio

from common.errors import StoreUnavailable
from common.logs import get_logger
from common.postgres import Connection, Postgres, open_session
from common.supervise import Backoff, jittered
from common.units import SECONDS

_CHANNEL: Final = "categories"  # rung by the triggers of 0016_profiles.sql and 0032_conditions.sql
_POLL: Final = 10 * SECONDS  # the safety net under the bell: a connection that is dead and does not say so
_log = get_logger(__name__)


class KeptList(ABC):
    """A list, as this process knows it: what `statement` last selected."""

    statement: ClassVar[str]

    def __init__(self, db: Postgres) -> None:
        self._db = db
        self._reading = trio.Lock()  # what was read last is the newest

    async def read(self) -> None:
        """Know it as it is now. Raises `StoreUnavailable`."""
        async with self._reading:
            self._take(await self._db.read(_select, self.statement))

    @abstractmethod
    def _take(self, rows: list[Any]) -> None:
        """Know these rows, and no others."""


async def follow(lists: Sequence[KeptList], database_url: str) -> NoReturn:
    """Know `lists` anew whenever one of them changes, for ever."""
    backoff = Backoff(most=1 * SECONDS)
    failing = False
    while True:
        try:
            async with open_session(database_url, listen=_CHANNEL) as session:
                while True:
                    for each in lists:
                        await each.read()
                    failing = False
                    backoff.reset()
                    await session.rung(jittered(_POLL))
                    await session.run(_alive)
        except StoreUnavailable as fault:
            if not failing:
                _log.warning("lists of categories and conditions are those of before", why=str(fault))
            failing = True
        await trio.sleep(backoff.next())


async def _select(connection: Connection, statement: str) -> list[Any]:
    return await connection.fetch(statement)


async def _alive(connection: Connection) -> None:
    await connection.fetchval("SELECT 1")
