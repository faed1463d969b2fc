"""Following mentors: to hear of their new classes. One-way, and no mentor is told by whom."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, Struct

from common.errors import MadangError
from common.postgres import Connection
from control.cursor import LAST, cut, unseal
from control.mentors import queries
from control.mentors.cards import mentor
from control.mentors.views import Mentors
from control.people import queries as people
from control.rooms.views import PageQuery
from control.services import Services

MOST: Final = 2000  # mentors that one person follows
_END: Final = datetime.max.replace(tzinfo=UTC)


async def follow(services: Services, user: str, person: str) -> None:
    """Follow a mentor; to follow again changes nothing. Raises `not_oneself`, `mentor_not_found`, `list_full`."""
    if user == person:
        raise MadangError("not_oneself")
    async with services.turns.of(person):  # whose count is one row
        await services.db.transaction(_follow, user, person)


async def unfollow(services: Services, user: str, person: str) -> None:
    """Follow somebody no more. Who was not followed, or is no mentor, stays so."""
    await services.db.transaction(_unfollow, user, person)


async def followed(services: Services, user: str, query: PageQuery) -> Mentors:
    """A page of the mentors that `user` follows. Who is none any more is left out, and back when he is again."""
    before = unseal(query.cursor, _Key) if query.cursor else _Key()
    rows = await services.db.read(_followed, user, before, query.limit + 1)
    page = cut(rows, query.limit, lambda row: _Key(row["place"], UUID(row["id"])))
    return Mentors(
        [mentor(row) for row in page.rows],
        next=page.next,
    )


class _Key(Struct, array_like=True):
    """Where a page of a list ended."""

    since: Annotated[datetime, Meta(tz=True)] = _END
    mentor: UUID = LAST


async def _follow(connection: Connection, user: str, person: str) -> None:
    await connection.execute(people.LOCK_PERSON, user)  # so that many at once are counted one by one
    if not await connection.fetchval(queries.IS_LISTED, person):
        raise MadangError("mentor_not_found")
    if (
        await connection.fetchval(queries.FOLLOW, user, person)
        and await connection.fetchval(queries.COUNT_FOLLOWS, user) > MOST
    ):
        raise MadangError("list_full")


async def _unfollow(connection: Connection, user: str, person: str) -> None:
    await connection.execute(queries.UNFOLLOW, user, person)


async def _followed(connection: Connection, user: str, before: _Key, most: int) -> list[Any]:
    return await connection.fetch(queries.FOLLOWED, user, before.since, before.mentor, most)
