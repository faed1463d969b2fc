"""The pictures somebody has shown, the present one among them: kept when put on, listed, taken out for good.

Whoever changes them holds the lock on the person. A picture that is taken out is read by nobody any more, and swept.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, Struct

from common.clock import ms_of
from common.errors import MadangError
from common.postgres import Connection
from control.cursor import LAST, cut, unseal
from control.outbox import announce
from control.people import queries
from control.people.news import news_of
from control.people.views import Avatar, Avatars, AvatarsQuery
from control.services import Services

MOST: Final = 100  # of one person; the oldest goes when another one comes
_END: Final = datetime.max.replace(tzinfo=UTC)


class _Key(Struct, array_like=True):
    """Where a page ended."""

    since: Annotated[datetime, Meta(tz=True)] = _END
    upload: UUID = LAST


async def listed(services: Services, asker: str, person: str, query: AvatarsQuery) -> Avatars:
    """A page of what `person` has shown, as `asker` sees it. Raises `person_not_found`, `invalid`."""
    before = unseal(query.cursor, _Key) if query.cursor else _Key()
    rows = await services.db.read(_listed, asker, person, before, query.limit + 1)
    if not rows:
        raise MadangError("person_not_found")
    page = cut(
        [row for row in rows if row["id"] is not None],
        query.limit,
        lambda row: _Key(row["since"], UUID(row["id"])),
    )
    return Avatars(
        avatars=[Avatar(row["id"], ms_of(row["since"])) for row in page.rows],
        next=page.next,
    )


async def remove(services: Services, user: str, upload: str) -> None:
    """Take a picture out for good; the present one is then taken off. One that is not there stays away."""
    await services.db.transaction(_remove, user, upload)


async def keep(connection: Connection, user: str, upload: str, now: datetime) -> None:
    """In the transaction that puts it on, which holds the lock on the person: it is the first of the list."""
    await connection.execute(queries.SHOW_AVATAR, upload, user, now)
    trimmed = await connection.fetch(queries.TRIM_AVATARS, user, MOST)
    await connection.execute(queries.DROP_PICTURES, [row["upload_id"] for row in trimmed])


async def _listed(connection: Connection, asker: str, person: str, before: _Key, most: int) -> list[Any]:
    return await connection.fetch(queries.AVATARS, person, asker, before.since, before.upload, most)


async def _remove(connection: Connection, user: str, upload: str) -> None:
    shown = await connection.fetchrow(queries.LOCK_PROFILE, user)
    if shown is None or not await connection.fetchval(queries.FORGET_AVATAR, user, upload):
        return
    if await connection.fetchval(queries.TAKE_OFF_AVATAR, user, upload):
        await announce(connection, news_of(user, {**shown, "avatar": None}))
    await connection.execute(queries.DROP_PICTURES, [upload])
