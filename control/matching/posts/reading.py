"""Posts as one person may see them: one, and lists. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, Struct

from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from common.protocol import MatchCategory
from control import faults
from control.cursor import LAST, cut, unseal
from control.matching.posts import queries
from control.matching.posts.views import ListedPost, Post, PostMatch, PostPerson, Posts, PostsQuery
from control.rooms.views import PageQuery, Somebody
from control.services import Services
from control.words import sought

_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)
_END: Final = datetime.max.replace(tzinfo=UTC)
_FIRST: Final = UUID(int=0)
_CATEGORY_OF: Final[dict[str, MatchCategory]] = {"way": "meal", "kind": "study"}

Row = Any  # asyncpg's record


class _Key(Struct, array_like=True):
    """Where a page of what meets soonest ended."""

    at: Annotated[datetime, Meta(tz=True)]
    id: UUID


async def one(services: Services, user: str, post: str) -> Post:
    """A post, for who may see it. Raises `post_not_found`."""
    return await services.db.read(shown, user, post, from_ms(services.clock()))


async def posts(services: Services, user: str, query: PostsQuery) -> Posts:
    """A page of posts. Raises `invalid` for a cursor that is none, for conditions that no post can have, and for a text without a
    word of two characters."""
    shelf, words = _shelf(query), () if query.text is None else (sought("text", query.text),)
    now = from_ms(services.clock())
    least = now if query.open else _BEGINNING
    if query.by == "soonest" or query.since is not None or query.until is not None:
        first = _Key(least, LAST)
        if query.since is not None and from_ms(query.since) > least:
            first = _Key(from_ms(query.since), _FIRST)
        after = unseal(query.cursor, _Key) if query.cursor else first
        until = from_ms(query.until) if query.until is not None else _END
        page = (user, shelf, after.at, after.id, until, query.limit + 1, *words)
        rows = await services.db.read(_fetch, queries.FOUND_SOONEST if words else queries.SOONEST, *page)
        return _posts(rows, user, now, query.limit, lambda row: _Key(row["meets_at"], row["id"]))
    before = unseal(query.cursor, UUID) if query.cursor else LAST
    page = (user, shelf, before, least, query.limit + 1, *words)
    rows = await services.db.read(_fetch, queries.FOUND_NEWEST if words else queries.NEWEST, *page)
    return _posts(rows, user, now, query.limit, lambda row: row["id"])


async def mine(services: Services, user: str, query: PageQuery) -> Posts:
    """A page of the posts that `user` wrote or is in, the newest first."""
    before = unseal(query.cursor, UUID) if query.cursor else LAST
    rows = await services.db.read(_fetch, queries.MINE, user, before, query.limit + 1)
    return _posts(rows, user, from_ms(services.clock()), query.limit, lambda row: row["id"])


async def shown(connection: Connection, user: str, post: str, now: datetime) -> Post:
    """As `one`, in a transaction."""
    row = await require_post(connection, user, post)
    people = await connection.fetch(queries.PEOPLE, post, row["named"], user)
    return Post(
        **_fields(row, user, now),
        text=row["text"],
        joined=[person_of(each) for each in people],
        match=PostMatch(str(row["match_id"]), str(row["room_id"]))
        if row["room_id"] and row["joined"]
        else None,
    )


async def require_post(connection: Connection, user: str, post: str) -> Row:
    """The post, if `user` may see it. Raises `post_not_found`."""
    row = await connection.fetchrow(queries.POST, user, post)
    if row is None:
        raise MadangError("post_not_found")
    return row


async def require_comment(connection: Connection, user: str, post: str, comment: str) -> Row:
    """Who wrote a comment, and what it says, if `user` may see it. Raises `post_not_found`, `comment_not_found`."""
    await require_post(connection, user, post)
    row = await connection.fetchrow(queries.SAID, post, comment)
    if row is None:
        raise MadangError("comment_not_found")
    return row


def person_of(row: Row) -> PostPerson:
    """Whom a row shows, by name if it has one."""
    person = Somebody(row["user_id"], row["nickname"], avatar=row["avatar"]) if row["user_id"] else None
    return PostPerson(mark=row["mark"], me=row["me"], person=person)


def _shelf(query: PostsQuery) -> str:
    """Where the posts that are asked for stand, as the trigger of 0031_match_posts.sql calls it. Raises `invalid`."""
    category, topic = query.category, query.way or query.kind
    for name, of in _CATEGORY_OF.items():
        if getattr(query, name) is not None:
            if category not in {None, of}:
                raise MadangError("invalid", fields={name: faults.OTHER_CATEGORY})
            category = of
    stock = "open" if query.open else "all"
    return "/".join((stock, category or "", query.place or "", topic or ""))


def _posts(rows: list[Row], user: str, now: datetime, limit: int, key: Callable[[Row], Any]) -> Posts:
    page = cut(rows, limit, key)
    return Posts([ListedPost(**_fields(row, user, now)) for row in page.rows], next=page.next)


def _fields(row: Row, user: str, now: datetime) -> dict[str, Any]:
    """A row of `match_post_cards`, with what it is to `user` at this moment."""
    author = str(row["author_id"])
    face = row.get("author_avatar")  # which lists do not show
    person = Somebody(author, row["author_nickname"], avatar=face) if row["named"] else None
    is_meal, topics = row["category"] == "meal", row["topics"]
    is_over = row["state"] == "open" and row["meets_at"] <= now  # whether or not that was written down yet
    return {
        "id": str(row["id"]),
        "category": row["category"],
        "title": row["title"],
        "anonymous": row["anonymous"],
        "author": PostPerson(mark=0, me=author == user, person=person),
        "capacity": row["capacity"],
        "people": row["people"],
        "comments": row["comments"],
        "places": row["places"],
        "ways": topics if is_meal else [],
        "kinds": [] if is_meal else topics,
        "meets_at": ms_of(row["meets_at"]),
        "state": "over" if is_over else row["state"],
        "posted_at": ms_of(row["posted_at"]),
        "edited_at": ms_of(row["edited_at"]) if row["edited_at"] else None,
        "mine": ("author" if author == user else "joined") if row["joined"] else None,
    }


async def _fetch(connection: Connection, statement: str, *arguments: object) -> list[Row]:
    return await connection.fetch(statement, *arguments)
