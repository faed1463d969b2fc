"""People as admins find and see them: with their addresses, whatever they let others find them by.

A page is two statements: whose turn it is, by the index of what is asked for, and what is shown of them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.postgres import Connection
from common.units import DAYS
from control import faults
from control.admin import queries
from control.admin.views import ListedPerson, PeopleList, PeopleQuery, PersonPage, Suspension
from control.cursor import LAST, cut, unseal
from control.identity.accounts import fold_email
from control.identity.phones import e164
from control.services import Services

RESTORABLE: Final = timedelta(seconds=30 * DAYS)  # after that, whoever was deleted is erased


async def people(services: Services, query: PeopleQuery) -> PeopleList:
    """A page of people. Raises `invalid` when more than one of id, e-mail address, phone and nickname is asked for, or for a
    cursor that is none; `phone_invalid`."""
    asked = [name for name in ("id", "email", "phone", "nickname") if getattr(query, name) is not None]
    if len(asked) > 1:
        raise MadangError("invalid", fields=dict.fromkeys(asked, faults.ONE_OF_THESE))
    rows = await services.db.read(_people, query)
    page = cut(rows, query.limit, lambda row: row["folded"] if query.nickname else row["id"])
    return PeopleList([ListedPerson(**_listed(row)) for row in page.rows], next=page.next)


async def person(services: Services, user: str) -> PersonPage:
    """Somebody, and what there is of them. Raises `person_not_found`, also for a bot and for who was erased."""
    row = await services.db.read(_person, user, from_ms(services.clock()))
    if row is None:
        raise MadangError("person_not_found")
    return PersonPage(
        **_listed(row),
        suspension=Suspension(ms_of(row["since"]), row["reason"], row["by"]) if row["since"] else None,
        deleted_at=ms_of(row["deleted_at"]) if row["deleted_at"] else None,
        erased_from=ms_of(row["deleted_at"] + RESTORABLE) if row["deleted_at"] else None,
        last_seen_at=ms_of(row["last_seen_at"]) if row["last_seen_at"] else None,
        sessions=row["sessions"],
        rooms=row["rooms"],
        bots=row["bots"],
        files=row["files"],
        file_bytes=row["file_bytes"],
        reports_about=row["reports_about"],
        reports_by=row["reports_by"],
    )


def _listed(row: Any) -> dict[str, Any]:
    shown = ("id", "nickname", "name", "email", "phone", "roles", "standing")
    return {name: row[name] for name in shown} | {"created_at": ms_of(row["created_at"])}


async def _people(connection: Connection, query: PeopleQuery) -> list[Any]:
    ids = [row["id"] for row in await _ids(connection, query)]
    return await connection.fetch(queries.PEOPLE, ids) if ids else []


async def _ids(connection: Connection, query: PeopleQuery) -> list[Any]:
    role, standing, most = query.role, query.standing, query.limit + 1
    if query.id or query.email or query.phone:
        email = fold_email(query.email) if query.email else None
        phone = e164(query.phone) if query.phone else None
        return await connection.fetch(queries.EXACTLY, query.id, email, phone, role, standing)
    if query.nickname:
        after = unseal(query.cursor, str) if query.cursor else ""
        return await connection.fetch(queries.BY_NICKNAME, after, most, query.nickname, role, standing)
    before = unseal(query.cursor, UUID) if query.cursor else LAST
    if standing == "suspended":
        return await connection.fetch(queries.NEWEST_SUSPENDED, before, most, role)
    if standing == "deleted":
        return await connection.fetch(queries.NEWEST_DELETED, before, most, role)
    if role is not None:
        return await connection.fetch(queries.NEWEST_OF_ROLE, before, most, standing, role)
    return await connection.fetch(queries.NEWEST, before, most, standing)


async def _person(connection: Connection, user: str, now: datetime) -> Any:
    return await connection.fetchrow(queries.PERSON, user, now)
