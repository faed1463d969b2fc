"""The public list: the newest rooms first, all or those that one can walk into, of one category, with words sought.

A page is asked for by the cursor of the one before, which is never disturbed by rooms that come or go, or by how many rooms
stand above it. Both cost the same at the top of a million rooms and at their end, and so does the total: the list counts
itself (`room_place` in the schema, `tallying.py`).

Words sought here are a filter of this list: all rooms that have them and no others, in the list's order, page after page to
the last one, secret rooms among them. The search box (`control/search`) answers another question: the hundred things of all
kinds that fit best what was typed so far, with slips in it, wherever the words stand. It ranks, so it cannot be paged through;
it forgives, so it cannot say that there is nothing else; and its index, of keystrokes, has no order of rooms. So the two have
an index each. What is one word and what is the same word is said once for all filters, by `sought` and `room_query`.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from msgspec import Meta, Struct
from msgspec.structs import replace

from common.clock import ms_of
from common.errors import MadangError
from common.postgres import Connection
from control import faults
from control.cursor import cut, unseal
from control.rooms import listing_queries as queries
from control.rooms.views import ListedRoom, ListQuery, RoomList
from control.services import Services
from control.words import line, sought

Row = Any  # asyncpg's record
DEEPEST_SOUGHT: Final = 1000  # rooms above a page of what was sought: that many are looked at to find it

_LISTS: Final = {
    (False, False): queries.LISTED,
    (False, True): queries.LISTED_OF_CATEGORY,
    (True, False): queries.POSSIBLE,
    (True, True): queries.POSSIBLE_OF_CATEGORY,
}


class _Key(Struct, array_like=True):
    """Where a page ended: the number of its last room."""

    number: Annotated[int, Meta(ge=0, le=queries.FIRST)]


async def public(services: Services, user: str, query: ListQuery) -> RoomList:
    """A page of the public list. Raises `invalid`."""
    query = tidy(query)
    before = unseal(query.cursor, _Key).number if query.cursor else queries.FIRST
    rows = await services.db.read(_listed if query.text is None else _found, user, query, before)
    page = cut([row for row in rows if row["id"] is not None], query.limit, lambda row: _Key(row["number"]))
    return RoomList(
        rooms=[listed_room(row) for row in page.rows],
        next=page.next,
        total=rows[0]["total"] if query.text is None else None,
    )


def tidy(query: ListQuery) -> ListQuery:
    """`query` in the form in which rooms are kept. Raises `invalid`."""
    if query.cursor and query.offset:
        raise MadangError("invalid", fields={"offset": faults.CURSOR_OR_OFFSET})
    if query.category is not None:
        query = replace(query, category=line("category", query.category))
    if query.text is not None:
        query = replace(query, text=sought("text", query.text))
        if query.offset > DEEPEST_SOUGHT:
            raise MadangError("invalid", fields={"offset": faults.TOO_DEEP})
    return query


async def _listed(connection: Connection, user: str, query: ListQuery, before: int) -> list[Row]:
    statement = _LISTS[query.possible, query.category is not None]
    category = () if query.category is None else (query.category,)
    return await connection.fetch(statement, user, before, query.offset, query.limit + 1, *category)


async def _found(connection: Connection, user: str, query: ListQuery, before: int) -> list[Row]:
    filters = (query.text, query.category, query.possible)
    return await connection.fetch(queries.FOUND, user, before, query.offset, query.limit + 1, *filters)


def listed_room(row: Row) -> ListedRoom:
    """A row of the list, as it is shown."""
    return ListedRoom(
        id=row["id"],
        title=row["title"],
        description=row["description"],
        category=row["category"],
        tags=row["tags"],
        image=row["image"],
        capacity=row["capacity"],
        member_count=row["member_count"],
        visibility=row["visibility"],
        created_at=ms_of(row["created_at"]),
        joined=row["joined"],
    )
