"""Mentors as everybody sees them: the lists, one mentor's page, and the card that a mentor changes.

Who is listed is decided by the view `listed_mentors` alone: who has the role now, and is not suspended.
"""

from __future__ import annotations

from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import UNSET, Meta, Struct

from common.errors import MadangError
from common.postgres import Connection
from control.cursor import LAST, cut, unseal
from control.mentors import queries
from control.mentors.cards import mentor, tidy_hours
from control.mentors.views import ChangeCard, Mentor, Mentors, MentorsQuery, Order
from control.services import Services
from control.words import prose

_STATEMENTS: Final[dict[Order, str]] = {
    "followers": queries.BY_FOLLOWERS,
    "answers": queries.BY_ANSWERS,
    "rating": queries.BY_RATING,
}
_MOST: Final = 2**31 - 1


async def listed(services: Services, user: str, query: MentorsQuery) -> Mentors:
    """A page of mentors, who has most first. Raises `invalid` for a cursor that is none."""
    before = unseal(query.cursor, _Key) if query.cursor else _Key()
    rows = await services.db.read(
        _fetch,
        _STATEMENTS[query.by],
        user,
        query.category or "",
        before.count,
        before.mentor,
        query.limit + 1,
    )
    page = cut(rows, query.limit, lambda row: _Key(row["place"], UUID(row["id"])))
    return Mentors(
        [mentor(row) for row in page.rows],
        next=page.next,
    )


async def one(services: Services, user: str, person: str) -> Mentor:
    """A mentor's page. Raises `mentor_not_found`."""
    return await services.db.read(_one, user, person)


async def change_card(services: Services, user: str, wanted: ChangeCard) -> Mentor:
    """Change one's own card. Raises `invalid`, `category_unknown`, and `mentor_not_found` for who is none."""
    return await services.db.transaction(_change_card, services, user, wanted)


class _Key(Struct, array_like=True):
    """Where a page of a list ended."""

    count: Annotated[int, Meta(ge=0, le=_MOST)] = _MOST
    mentor: UUID = LAST


async def _fetch(connection: Connection, statement: str, *arguments: object) -> list[Any]:
    return await connection.fetch(statement, *arguments)


async def _one(connection: Connection, user: str, person: str) -> Mentor:
    row = await connection.fetchrow(queries.MENTOR, user, person)
    if row is None:
        raise MadangError("mentor_not_found")
    return mentor(row)


async def _change_card(connection: Connection, services: Services, user: str, wanted: ChangeCard) -> Mentor:
    card: Any = await connection.fetchrow(queries.CARD, user)
    if card is None:
        raise MadangError("mentor_not_found")
    introduction, hours, categories = card["introduction"], card["hours"], card["categories"]
    if wanted.introduction is not UNSET:
        introduction = prose("introduction", wanted.introduction)
    if wanted.hours is not UNSET:
        hours = tidy_hours(wanted.hours)
    if wanted.categories is not UNSET:
        categories = services.categories.chosen(wanted.categories, kept=categories)
    await connection.execute(queries.CHANGE_CARD, user, introduction, hours, categories)
    return await _one(connection, user, user)
