"""Who hears what of a class, live: as news in the outbox, some people to each piece."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from common import feed
from common.clock import ms_of
from common.postgres import Connection
from common.protocol import ClassChange
from control.classes import queries
from control.outbox import announce
from control.rooms.membership import nicknames

_EACH: Final = 500  # people in one piece of news
_FIRST: Final = UUID(int=0)

Row = Any  # the record of queries.LOCK


async def tell(connection: Connection, row: Row, change: ClassChange, people: Sequence[str]) -> None:
    """Tell `people` what became of a class."""
    if not people:
        return
    name = (await nicknames(connection, [row["mentor"]]))[row["mentor"]]
    for first in range(0, len(people), _EACH):
        await announce(connection, _news(row, name, change, people[first : first + _EACH]))


async def tell_followers(connection: Connection, row: Row) -> None:
    """Tell whoever follows the mentor that there is a new class."""
    name = (await nicknames(connection, [row["mentor"]]))[row["mentor"]]
    after: str | UUID = _FIRST
    while found := await connection.fetch(queries.FOLLOWERS, row["mentor"], after, _EACH):
        people = [each["id"] for each in found]
        after = people[-1]
        await announce(connection, _news(row, name, "opened", people))


def _news(row: Row, name: str, change: ClassChange, people: Sequence[str]) -> feed.ClassChanged:
    return feed.ClassChanged(
        of=row["id"],
        title=row["title"],
        mentor=row["mentor"],
        name=name,
        starts_at=ms_of(row["starts_at"]),
        change=change,
        users=list(people),
    )
