"""Classes as people see them: one of them, the lists of what is open, a mentor's, and one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, Struct

from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from control.classes import queries
from control.classes.views import (
    Class,
    Classes,
    ClassesQuery,
    ListedClass,
    Registrant,
    Registrants,
    RegistrationsQuery,
    WriteReview,
)
from control.cursor import LAST, cut, unseal
from control.rooms.views import PageQuery, Somebody
from control.services import Services

_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
_END: Final = datetime.max.replace(tzinfo=UTC)
_NEWEST: Final = 2**63 - 1
_FIRST: Final = UUID(int=0)


async def one(services: Services, user: str, of: str, *, sees_all: bool = False) -> Class:
    """A class, for who may see it. Raises `class_not_found`."""
    return await services.db.read(shown, user, of, sees_all)


async def shown(connection: Connection, user: str, of: str, sees_all: bool = False) -> Class:
    """As `one`, in a transaction."""
    row: Any = await connection.fetchrow(queries.CLASS, user, of, sees_all)
    if row is None:
        raise MadangError("class_not_found")
    is_inside = str(row["mentor_id"]) == user or row["mine"] == "registered"
    return Class(
        **_fields(row),
        description=row["description"],
        curriculum=row["curriculum"],
        questions=row["questions"],
        room=str(row["room_id"]) if is_inside else None,
        my_review=_my_review(row),
    )


async def open_classes(services: Services, user: str, query: ClassesQuery) -> Classes:
    """A page of the classes that can still be registered for. Raises `invalid` for a cursor that is none."""
    first = _Key(_BEGINNING, _FIRST) if query.by == "start" else _Key(_END, LAST)
    after = unseal(query.cursor, _Key) if query.cursor else first
    rows = await services.db.read(
        _fetch,
        queries.BY_START if query.by == "start" else queries.NEWEST,
        user,
        query.category or "",
        after.at,
        after.id,
        from_ms(services.clock()),
        query.limit + 1,
    )
    return _classes(rows, query.limit, lambda row: _Key(row["key"], row["id"]))


async def mine(services: Services, user: str, query: PageQuery) -> Classes:
    """A page of the classes that `user` registered for or waits for, the last first."""
    before = unseal(query.cursor, _Place).place if query.cursor else _NEWEST
    rows = await services.db.read(_fetch, queries.MINE, user, before, query.limit + 1)
    return _classes(rows, query.limit, lambda row: _Place(row["place"]))


async def of_mentor(services: Services, user: str, mentor: str, query: PageQuery) -> Classes:
    """A page of a mentor's classes, the newest first; drafts and what was unlisted are shown to himself alone."""
    before = unseal(query.cursor, UUID) if query.cursor else LAST
    rows = await services.db.read(_fetch, queries.OF_MENTOR, user, mentor, before, query.limit + 1)
    return _classes(rows, query.limit, lambda row: row["id"])


async def registrants(services: Services, user: str, of: str, query: RegistrationsQuery) -> Registrants:
    """A page of who registered, for the mentor. Raises `class_not_found`, also for somebody else's."""
    after = unseal(query.cursor, _Place).place if query.cursor else -1
    rows = await services.db.transaction(_registrants, user, of, (query.state, after, query.limit + 1))
    page = cut(rows, query.limit, lambda row: _Place(row["place"]))
    return Registrants(
        [
            Registrant(
                person=Somebody(row["user_id"], row["nickname"], avatar=row["avatar"]),
                state=row["state"],
                answers=row["answers"],
                paid=row["paid"],
                asked_at=ms_of(row["asked_at"]),
            )
            for row in page.rows
        ],
        next=page.next,
    )


def _classes(rows: list[Any], limit: int, key: Callable[[Any], Any]) -> Classes:
    page = cut(rows, limit, key)
    return Classes([listed(row) for row in page.rows], next=page.next)


def listed(row: Any) -> ListedClass:
    """A row of `class_cards`, with `mine`."""
    return ListedClass(**_fields(row))


def _my_review(row: Any) -> WriteReview | None:
    halves = row["my_halves"]
    return None if halves is None else WriteReview(stars=halves / 2, text=row["my_review"])


class _Key(Struct, array_like=True):
    """Where a page of open classes ended."""

    at: Annotated[datetime, Meta(tz=True)]
    id: UUID


class _Place(Struct, array_like=True):
    """Where a page in the order of coming ended."""

    place: Annotated[int, Meta(ge=0, le=_NEWEST)]


def _fields(row: Any) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "mentor": Somebody(str(row["mentor_id"]), row["mentor_nickname"], avatar=row["mentor_avatar"]),
        "title": row["title"],
        "price": row["price"],
        "capacity": row["capacity"],
        "registered": row["registered"],
        "waiting": row["waiting"],
        "starts_at": ms_of(row["starts_at"]),
        "cover": str(row["cover_id"]) if row["cover_id"] else None,
        "categories": row["categories"],
        "state": row["state"],
        "called_off": row["called_off_at"] is not None,
        "unlisted": row["unlisted_at"] is not None,
        "opened_at": ms_of(row["opened_at"]) if row["opened_at"] else None,
        "reviews": row["reviews"],
        "rating": row["rating"] / 100 if row["reviews"] else None,
        "mine": row["mine"],
    }


async def _fetch(connection: Connection, statement: str, *arguments: object) -> list[Any]:
    return await connection.fetch(statement, *arguments)


async def _registrants(connection: Connection, user: str, of: str, page: tuple[str, int, int]) -> list[Any]:
    if await connection.fetchval(queries.MENTOR_OF, of) != user:
        raise MadangError("class_not_found")
    return await connection.fetch(queries.REGISTRANTS, of, *page)
