"""What admins did, for admins to read: who, what, about whom, when, in which request, and the details.

Whatever an admin does because he is one is recorded by one line in the transaction of the act, so that neither is there
without the other::

    async def _approve(connection: Connection, by: str, mentor: str) -> None:
        ...
        await record(connection, by, "mentor.authorized", person=mentor)

The name of an act is "<domain>.<what was done>"; it is added to `views.Act`, and stays, for rows that carry it stay. Doing again
what is done already changes nothing, and is not recorded. What is recorded must outlive everybody it is about: ids and
words of admins, but never names, addresses or texts of the person, who may have all that erased.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from common.clock import ms_of
from common.logs import bound_to
from common.postgres import Connection
from control.admin import queries
from control.admin.views import Act, AdminDeed, AuditLog, AuditQuery
from control.cursor import LAST, MS_BITS, cut, unseal
from control.rooms.views import Somebody
from control.services import Services


async def record(
    connection: Connection,
    by: str,
    act: Act,
    *,
    person: str | None = None,
    object: str | None = None,  # noqa: A002 - the field's word
    **detail: Any,
) -> None:
    """Note, in this transaction, that the admin `by` did `act`: to `person` if to anybody, to the `object` of that id.

    `detail` is whatever JSON can hold. The id of the request comes from where the lines of the log have it.
    """
    text = msgspec.json.encode(detail).decode()
    await connection.execute(queries.RECORD, by, act, person, object, bound_to("request"), text)


async def audit(services: Services, query: AuditQuery) -> AuditLog:
    """A page of what was done, the newest first. Raises `invalid` for a cursor that is none."""
    rows = await services.db.read(_audit, query)
    page = cut(rows, query.limit, lambda row: row["id"])
    return AuditLog(
        deeds=[_deed(row) for row in page.rows],
        next=page.next,
    )


async def _audit(connection: Connection, query: AuditQuery) -> list[Any]:
    before = unseal(query.cursor, UUID) if query.cursor else LAST
    if query.until is not None:
        before = min(before, UUID(int=query.until << MS_BITS))
    since = UUID(int=query.since << MS_BITS)
    page = (before, since, query.limit + 1)
    if query.person is not None:
        return await connection.fetch(queries.AUDIT_ABOUT, *page, query.person, query.by, query.act)
    if query.by is not None:
        return await connection.fetch(queries.AUDIT_BY, *page, query.by, query.act)
    if query.act is not None:
        return await connection.fetch(queries.AUDIT_OF_ACT, *page, query.act)
    return await connection.fetch(queries.AUDIT, *page)


def _deed(row: Any) -> AdminDeed:
    return AdminDeed(
        id=row["id"],
        at=ms_of(row["at"]),
        by=Somebody(row["by"], row["by_nickname"]),
        act=row["act"],
        person=Somebody(row["person"], row["nickname"], row["bot"]) if row["person"] else None,
        object=row["object"],
        request=row["request"],
        detail=msgspec.json.decode(row["detail"]),
    )
