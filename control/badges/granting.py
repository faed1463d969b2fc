"""Badges that admins grant and take back, and who has a badge."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Final
from uuid import UUID

from msgspec import Meta, Struct

from common import feed
from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from common.protocol import BadgeChange
from control.admin.audit import record
from control.badges import queries
from control.badges.rules import GrantedRule, read_rule
from control.badges.views import Holder, Holders, HoldersQuery
from control.cursor import LAST, cut, unseal
from control.outbox import announce
from control.people import queries as people
from control.people.news import news_of
from control.rooms.views import Somebody
from control.services import Services
from control.words import line

_END: Final = datetime.max.replace(tzinfo=UTC)


class _Key(Struct, array_like=True):
    """Where a page ended."""

    awarded_at: Annotated[datetime, Meta(tz=True)] = _END
    person: UUID = LAST


async def grant(services: Services, by: str, key: str, person: str, note: str) -> None:
    """Grant somebody a badge. Who has it keeps it as it is, with the note it came with.

    Raises `invalid`, `badge_not_found`, `badge_not_granted`, `badge_retired`, `person_not_found`.
    """
    note = line("note", note) if note.strip() else ""
    await services.db.transaction(_grant, by, key, person, note, now=from_ms(services.clock()))


async def take_back(services: Services, by: str, key: str, person: str) -> None:
    """Take back a badge that was granted, also from the profile. Who does not have it stays without.

    Raises `badge_not_found`, `badge_not_granted`.
    """
    await services.db.transaction(_take_back, by, key, person, from_ms(services.clock()))


async def holders(services: Services, key: str, query: HoldersQuery) -> Holders:
    """A page of those who have a badge. Raises `badge_not_found`, and `invalid` for a cursor that is none."""
    before = unseal(query.cursor, _Key) if query.cursor else _Key()
    rows = await services.db.read(_holders, key, before, query.limit + 1)
    page = cut(rows, query.limit, lambda row: _Key(row["awarded_at"], UUID(row["id"])))
    return Holders([_holder(row) for row in page.rows], next=page.next)


def _holder(row: Any) -> Holder:
    return Holder(
        person=Somebody(row["id"], row["nickname"]),
        awarded_at=ms_of(row["awarded_at"]),
        by=None if row["by"] is None else Somebody(row["by"], row["by_nickname"]),
        note=row["note"],
    )


# --- transactions -----------------------------------------------------------------------------------------------------


async def _holders(connection: Connection, key: str, before: _Key, most: int) -> list[Any]:
    if await connection.fetchrow(queries.BADGE, key) is None:
        raise MadangError("badge_not_found")
    return await connection.fetch(queries.HOLDERS, key, before.awarded_at, before.person, most)


async def _grantable(connection: Connection, key: str) -> Any:
    badge: Any = await connection.fetchrow(queries.SHARE_BADGE, key)
    if badge is None:
        raise MadangError("badge_not_found")
    if not isinstance(read_rule(badge["rule"]), GrantedRule):
        raise MadangError("badge_not_granted")
    return badge


async def _grant(connection: Connection, by: str, key: str, person: str, note: str, *, now: datetime) -> None:
    badge = await _grantable(connection, key)
    if badge["retired"]:
        raise MadangError("badge_retired")
    if not await connection.fetchval(queries.IS_PERSON, person):
        raise MadangError("person_not_found")
    if await connection.fetchval(queries.GRANT, person, key, now, by, note):
        # Without the note: what is recorded is kept for ever, and these words are the person's to have erased.
        await record(connection, by, "badge.granted", person=person, object=key)
        await announce(connection, _news(badge, person, "awarded", now))


async def _take_back(connection: Connection, by: str, key: str, person: str, now: datetime) -> None:
    badge = await _grantable(connection, key)
    shown: Any = await connection.fetchrow(people.LOCK_PROFILE, person)
    if shown is None or not await connection.fetchval(queries.TAKE_BACK, person, key):
        return
    await record(connection, by, "badge.taken_back", person=person, object=key)
    await announce(connection, _news(badge, person, "taken_back", now))
    if shown["badge"] == key:
        await announce(connection, news_of(person, {**shown, "badge": None}))


def _news(badge: Any, person: str, change: BadgeChange, now: datetime) -> feed.BadgeChanged:
    return feed.BadgeChanged(
        user=person,
        badge=badge["key"],
        ko=badge["ko_name"],
        en=badge["en_name"],
        change=change,
        at=ms_of(now),
    )
