"""What came to an account and what went from it, the newest first."""

from __future__ import annotations

from typing import Annotated, Any, Final

from msgspec import Meta, Struct

from common.clock import ms_of
from common.errors import MadangError
from common.postgres import Connection
from control.cursor import cut, unseal
from control.points import queries
from control.points.views import PointEntry, Statement, StatementQuery
from control.services import Services

_NEWEST: Final = 2**63 - 1


async def statement(services: Services, user: str, query: StatementQuery) -> Statement:
    """A page of the statement of `user`. Raises `invalid` for a cursor that is none."""
    before = unseal(query.cursor, _Key) if query.cursor else _Key()
    rows = await services.db.read(_rows, user, before.entry, query.limit + 1)
    entries = [row for row in rows if row["id"] is not None]
    page = cut(entries, query.limit, lambda row: _Key(row["id"]))
    return Statement(
        balance=rows[0]["now"],
        entries=[_entry(row) for row in page.rows],
        next=page.next,
    )


async def statement_of(services: Services, person: str, query: StatementQuery) -> Statement:
    """As `statement`, of somebody else. Raises `person_not_found`."""
    if not await services.db.read(_exists, person):
        raise MadangError("person_not_found")
    return await statement(services, person, query)


class _Key(Struct, array_like=True):
    """Where a page ended."""

    entry: Annotated[int, Meta(ge=0, le=_NEWEST)] = _NEWEST


async def _exists(connection: Connection, person: str) -> bool:
    return await connection.fetchval(queries.PERSON, person) is not None


async def _rows(connection: Connection, user: str, before: int, most: int) -> list[Any]:
    return await connection.fetch(queries.STATEMENT, user, before, most)


def _entry(row: Any) -> PointEntry:
    return PointEntry(
        transfer=row["transfer"],
        kind=row["kind"],
        points=row["points"],
        balance=row["balance"],
        subject=row["subject"],
        title=row["title"],
        question=row["question"],
        note=row["note"],
        at=ms_of(row["at"]),
    )
