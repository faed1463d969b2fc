"""Applications to be a mentor: pending until an admin decides, once, or the applicant thinks better of it; who is rejected
may apply again.

Approval gives the role, makes the mentor's card of what the application says, and tells the live sockets, in one
transaction: nobody is ever listed without the role. An admin may give the role by itself, too; whoever has it without a card
is listed nowhere and makes no classes, until an application of theirs is approved.
"""

from __future__ import annotations

from functools import partial
from typing import Any, Final, Literal
from uuid import UUID

from common import feed
from common.clock import ms_of
from common.errors import MadangError
from common.postgres import Connection
from control.admin.audit import record
from control.cursor import LAST, cut, unseal
from control.mentors import queries
from control.mentors.cards import read_hours, tidy_hours
from control.mentors.views import Application, Applications, ApplicationsQuery, Apply, Certificate
from control.once import Once
from control.outbox import announce
from control.people import queries as people
from control.rooms.views import PageQuery, Somebody
from control.services import Services
from control.words import Rules, fields_of, line, prose, tidied

_RULES: Final[Rules] = {
    "company": partial(line, "company"),
    "department": lambda department: line("department", department) if department else "",
    "introduction": partial(prose, "introduction"),
    "hours": tidy_hours,
}


async def apply(services: Services, user: str, wanted: Apply) -> Application:
    """Apply. Raises `invalid`, `category_unknown`, `already_mentor`, `application_pending`, `certificate_not_found`,
    `reference_reused`."""
    asked = tidied(fields_of(wanted), {**_RULES, "categories": services.categories.chosen})
    said = tuple(asked[name] for name in ("company", "department", "introduction", "hours", "categories"))
    return await services.db.transaction(
        _apply, Once.of(services, user, wanted), said, list(dict.fromkeys(wanted.certificates))
    )


async def withdraw(services: Services, user: str, application: str) -> None:
    """Have not applied, as long as nobody has decided. What is not there, or not his, stays so. Raises
    `application_decided`."""
    await services.db.transaction(_withdraw, user, application)


async def mine(services: Services, user: str, query: PageQuery) -> Applications:
    """A page of the applications of `user`."""
    return await _page(services, queries.OF_PERSON, user, query.cursor, query.limit)


async def in_state(services: Services, query: ApplicationsQuery) -> Applications:
    """A page of everybody's applications in a state."""
    return await _page(services, queries.IN_STATE, query.state, query.cursor, query.limit)


async def approve(services: Services, by: str, application: str) -> None:
    """Make a mentor of the applicant. To approve again changes nothing.

    Raises `application_not_found`, `application_decided` when it was rejected, `not_oneself`.
    """
    await services.db.transaction(_decide, by, application, "authorized", "")


async def reject(services: Services, by: str, application: str, reason: str) -> None:
    """Reject it, and say why. To say the same again changes nothing. Raises `invalid`, and as `approve`."""
    await services.db.transaction(_decide, by, application, "rejected", prose("reason", reason))


async def _page(
    services: Services, statement: str, whose: str, cursor: str | None, limit: int
) -> Applications:
    before = unseal(cursor, UUID) if cursor else LAST
    rows = await services.db.read(_fetch, statement, whose, before, limit + 1)
    page = cut(rows, limit, lambda row: row["id"])
    return Applications([_application(row) for row in page.rows], next=page.next)


async def _fetch(connection: Connection, statement: str, *arguments: object) -> list[Any]:
    return await connection.fetch(statement, *arguments)


def _application(row: Any) -> Application:
    return Application(
        id=row["id"],
        person=Somebody(row["person"], row["nickname"], avatar=row["avatar"]),
        company=row["company"],
        department=row["department"],
        introduction=row["introduction"],
        hours=read_hours(row["hours"]),
        categories=row["categories"],
        certificates=[Certificate(*each) for each in zip(row["ids"], row["names"], strict=True)],
        applied_at=ms_of(row["applied_at"]),
        state=row["state"],
        reason=row["reason"],
        decided_at=ms_of(row["decided_at"]) if row["decided_at"] else None,
    )


# --- transactions -----------------------------------------------------------------------------------------------------


async def _apply(
    connection: Connection, once: Once, said: tuple[Any, ...], certificates: list[str]
) -> Application:
    application = await once.made(connection, partial(_add, connection, once.by, said, certificates))
    row = await connection.fetchrow(queries.APPLICATION, application)
    if row is None:  # he sent it before, and withdrew it
        raise MadangError("application_not_found")
    return _application(row)


async def _add(connection: Connection, user: str, said: tuple[Any, ...], certificates: list[str]) -> str:
    await connection.execute(people.LOCK_PERSON, user)
    if await connection.fetchval(queries.IS_MENTOR, user):
        raise MadangError("already_mentor")
    if await connection.fetchval(queries.IS_PENDING, user):
        raise MadangError("application_pending")
    found = {row["id"] for row in await connection.fetch(queries.CERTIFICATES, user, certificates)}
    if missing := [each for each in certificates if each not in found]:
        raise MadangError("certificate_not_found", fields={"certificates": ", ".join(missing)})
    application: str = await connection.fetchval(queries.APPLY, user, *said)
    await connection.execute(queries.ADD_CERTIFICATES, application, certificates)
    return application


async def _withdraw(connection: Connection, user: str, application: str) -> None:
    await connection.execute(people.LOCK_PERSON, user)
    if await connection.fetchval(queries.WITHDRAW, application, user):
        return
    if await connection.fetchval(queries.IS_THERE, application, user):
        raise MadangError("application_decided")


async def _decide(
    connection: Connection, by: str, application: str, state: Literal["authorized", "rejected"], reason: str
) -> None:
    applicant: str | None = await connection.fetchval(queries.APPLICANT, application)
    if applicant is None:
        raise MadangError("application_not_found")
    if applicant == by:
        raise MadangError("not_oneself")
    await connection.execute(people.LOCK_PERSON, applicant)
    if not await connection.fetchval(queries.DECIDE, application, state, reason, by):
        await _refuse_otherwise(connection, application, state, reason)
        return
    if state == "rejected":
        await record(connection, by, "mentor.rejected", person=applicant, object=application, reason=reason)
    else:
        await record(connection, by, "mentor.authorized", person=applicant, object=application)
        await connection.execute(queries.AUTHORIZE, application)
        if await connection.fetchval(queries.GIVE_ROLE, applicant):
            await announce(connection, feed.UserChanged(user=applicant))
    await announce(
        connection,
        feed.ApplicationDecided(user=applicant, application=application, state=state, reason=reason),
    )


async def _refuse_otherwise(connection: Connection, application: str, state: str, reason: str) -> None:
    """Raise `application_decided` unless it was decided just so, and `application_not_found` when it was withdrawn meanwhile."""
    stands: Any = await connection.fetchrow(queries.DECISION, application)
    if stands is None:
        raise MadangError("application_not_found")
    if (stands["state"], stands["reason"]) != (state, reason):
        raise MadangError("application_decided")
