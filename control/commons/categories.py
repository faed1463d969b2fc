"""What people, mentors, classes and rooms are about: a short list that admins edit, kept in memory by every process.

PostgreSQL rings when the list changes, so each process has it anew within moments, and answers from memory in between;
while the database is away it answers what it knew. A key is for ever: a category that is no longer offered is retired,
and shown by its name wherever it was chosen before.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NoReturn

import trio

from common.errors import MadangError, StoreUnavailable
from common.logs import get_logger
from common.postgres import Connection, Postgres, open_session
from common.supervise import Backoff, jittered
from common.units import SECONDS
from control.commons import queries
from control.commons.views import Category

_CHANNEL: Final = "categories"  # rung by the trigger of 0016_profiles.sql
_POLL: Final = 10 * SECONDS  # the safety net under the bell: a connection that is dead and does not say so
_log = get_logger(__name__)


class Categories:
    """The list, as this process knows it."""

    def __init__(self, db: Postgres) -> None:
        self._db = db
        self._reading = trio.Lock()  # what was read last is the newest
        self._known: tuple[Category, ...] = ()
        self._offered: frozenset[str] = frozenset()

    def all(self) -> tuple[Category, ...]:
        """Every category in its order, the retired ones last."""
        return self._known

    def chosen(
        self, keys: Iterable[str], *, kept: Iterable[str] = (), field: str = "categories"
    ) -> list[str]:
        """`keys`, each once. Raises `category_unknown` naming `field` for one that is not offered, unless it was chosen
        before and is among those `kept`."""
        wanted = list(dict.fromkeys(keys))
        unknown = set(wanted) - self._offered - set(kept)
        if unknown:
            raise MadangError("category_unknown", fields={field: ", ".join(sorted(unknown))})
        return wanted

    async def read(self) -> None:
        """Know it as it is now. Raises `StoreUnavailable`."""
        async with self._reading:
            self._take(await self._db.read(_select))

    async def run(self, database_url: str) -> NoReturn:
        """Know it anew whenever it changes, for ever."""
        backoff = Backoff(most=1 * SECONDS)
        failing = False
        while True:
            try:
                async with open_session(database_url, listen=_CHANNEL) as session:
                    while True:
                        await self.read()
                        failing = False
                        backoff.reset()
                        await session.rung(jittered(_POLL))
                        await session.run(_alive)
            except StoreUnavailable as fault:
                if not failing:
                    _log.warning("the categories are those of before", why=str(fault))
                failing = True
            await trio.sleep(backoff.next())

    def _take(self, rows: list[Any]) -> None:
        self._known = tuple(
            Category(
                key=row["key"], ko=row["ko"], en=row["en"], position=row["position"], retired=row["retired"]
            )
            for row in rows
        )
        self._offered = frozenset(each.key for each in self._known if not each.retired)


async def _select(connection: Connection) -> list[Any]:
    return await connection.fetch(queries.CATEGORIES)


async def _alive(connection: Connection) -> None:
    await connection.fetchval("SELECT 1")
