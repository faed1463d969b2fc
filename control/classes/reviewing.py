"""What those who went to a class think of it: one review each, in half stars, from when it begins; it may be edited.

The sums of a class and of its mentor are kept by the database, whoever writes a review or takes one away. Whoever reviews locks
the class first, and the mentor after it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, Struct

from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from control.admin.audit import record
from control.classes import queries
from control.classes.reading import shown
from control.classes.registering import locked
from control.classes.views import MentorReview, MentorReviews, Review, ReviewedClass, Reviews, WriteReview
from control.cursor import LAST, cut, unseal
from control.rooms.views import PageQuery, Somebody
from control.services import Services
from control.words import paragraphs

_END: Final = datetime.max.replace(tzinfo=UTC)


async def review(services: Services, user: str, of: str, wanted: WriteReview) -> Review:
    """Say what `user` thinks, or think otherwise. Raises `class_not_found`, `not_registered`, `class_not_started`,
    `invalid`."""
    said = (round(wanted.stars * 2), paragraphs("text", wanted.text))
    return await services.db.transaction(_review, user, of, said, from_ms(services.clock()))


async def take_back(services: Services, user: str, of: str) -> None:
    """Have said nothing. Who did not review it changes nothing. Raises `class_not_found`."""
    await services.db.transaction(_take_back, user, of)


async def take_away(services: Services, by: str, of: str, person: str) -> None:
    """Take away what `person` said. Where that is nothing, nothing changes. Raises `class_not_found`."""
    await services.db.transaction(_take_away, by, of, person)


async def reviews(services: Services, user: str, of: str, query: PageQuery) -> Reviews:
    """A page of what was said of a class, for who may see it. Raises `class_not_found`."""
    before = unseal(query.cursor, _Key) if query.cursor else _Key()
    rows = await services.db.transaction(_reviews, user, of, before, query.limit + 1)
    page = cut(rows, query.limit, lambda row: _Key(row["reviewed_at"], UUID(row["user_id"])))
    return Reviews(
        [_shown(row) for row in page.rows],
        next=page.next,
    )


async def reviews_of_mentor(services: Services, mentor: str, query: PageQuery) -> MentorReviews:
    """A page of what was said of all classes of a mentor. Raises `mentor_not_found`."""
    before = unseal(query.cursor, _MentorKey) if query.cursor else _MentorKey()
    rows = await services.db.read(_reviews_of_mentor, mentor, before, query.limit + 1)
    if not rows:
        raise MadangError("mentor_not_found")
    page = cut([row for row in rows if row["user_id"] is not None], query.limit, _mentor_key)
    return MentorReviews(
        count=rows[0]["reviews"],
        rating=rows[0]["rating"] / 100 if rows[0]["reviews"] else None,
        reviews=[MentorReview(**_fields(row), class_=_class(row)) for row in page.rows],
        next=page.next,
    )


class _Key(Struct, array_like=True):
    """Where a page of the reviews of a class ended."""

    at: Annotated[datetime, Meta(tz=True)] = _END
    person: UUID = LAST


class _MentorKey(Struct, array_like=True):
    """Where a page of the reviews of a mentor ended."""

    at: Annotated[datetime, Meta(tz=True)] = _END
    person: UUID = LAST
    of: UUID = LAST


def _mentor_key(row: Any) -> _MentorKey:
    return _MentorKey(row["reviewed_at"], UUID(row["user_id"]), UUID(row["class_id"]))


async def _review(connection: Connection, user: str, of: str, said: tuple[int, str], now: datetime) -> Review:
    row = await locked(connection, of)
    if not await connection.fetchval(queries.IS_REGISTERED, of, user):
        raise MadangError("not_registered")
    if row["starts_at"] > now:
        raise MadangError("class_not_started")
    await connection.execute(queries.REVIEW, of, user, *said, now)
    return _shown(await connection.fetchrow(queries.REVIEWED, of, user))


async def _take_back(connection: Connection, user: str, of: str) -> None:
    await locked(connection, of)
    await connection.execute(queries.UNREVIEW, of, user)


async def _take_away(connection: Connection, by: str, of: str, person: str) -> None:
    await locked(connection, of)
    if await connection.fetchval(queries.UNREVIEW, of, person):
        await record(connection, by, "class.review_removed", person=person, object=of)


async def _reviews(connection: Connection, user: str, of: str, before: _Key, most: int) -> list[Any]:
    await shown(connection, user, of)
    return await connection.fetch(queries.REVIEWS, of, before.at, before.person, most)


async def _reviews_of_mentor(connection: Connection, mentor: str, before: _MentorKey, most: int) -> list[Any]:
    return await connection.fetch(
        queries.REVIEWS_OF_MENTOR, mentor, before.at, before.person, before.of, most
    )


def _shown(row: Any) -> Review:
    return Review(**_fields(row))


def _fields(row: Any) -> dict[str, Any]:
    """What is shown of a review wherever it is shown."""
    return {
        "person": Somebody(row["user_id"], row["nickname"], avatar=row["avatar"]),
        "stars": row["halves"] / 2,
        "text": row["text"],
        "reviewed_at": ms_of(row["reviewed_at"]),
        "edited_at": ms_of(row["edited_at"]) if row["edited_at"] else None,
    }


def _class(row: Any) -> ReviewedClass | None:
    """What it is about, for everybody: nobody is led to what an admin unlisted."""
    return ReviewedClass(row["class_id"], row["title"]) if row["unlisted_at"] is None else None
