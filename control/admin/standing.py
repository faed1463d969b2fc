"""What a person is here: their roles, and whether they are suspended.

Each act is one transaction with its news, so every live socket follows within a second: roles are looked up anew, and
the sessions of who is suspended end. To do again what is done already changes nothing and is no news. Nobody changes
their own standing, and of two admins who put out each other the second one is refused: somebody is always left who may
undo what was done.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from common.clock import from_ms, ms_of
from common.errors import MadangError
from common.feed import UserChanged
from common.permissions import Role, may_have_bots
from common.postgres import Connection
from control.admin import queries
from control.admin.audit import record
from control.admin.views import Standing, Suspension
from control.identity.sessions import Dead, blacklist, end_all
from control.locks import Lock
from control.outbox import announce
from control.services import Services

_ALWAYS: Role = "mentee"


async def standing(services: Services, person: str) -> Standing:
    """How a person stands. Raises `person_not_found`."""
    return await services.db.read(_standing, person)


async def set_roles(services: Services, by: str, person: str, roles: Sequence[Role]) -> Standing:
    """Give a person these roles and no others; if they may have no bots then, theirs fall silent.

    Raises `person_not_found`, `not_oneself`, `last_admin`.
    """
    refuse_oneself(by, person)
    now = from_ms(services.clock())
    return await services.db.transaction(_set_roles, by, person, sorted({*roles, _ALWAYS}), now)


async def suspend(services: Services, by: str, person: str, reason: str) -> Standing:
    """End a person's sessions, and those of their bots, and let them begin no other.

    Raises `person_not_found`, `not_oneself`, `last_admin`.
    """
    refuse_oneself(by, person)
    now = from_ms(services.clock())
    found, dead = await services.db.transaction(_suspend, by, person, reason, now)
    await blacklist(services, dead)
    return found


async def reinstate(services: Services, by: str, person: str) -> Standing:
    """Let a person log in again. Raises `person_not_found`, `not_oneself`."""
    refuse_oneself(by, person)
    return await services.db.transaction(_reinstate, by, person)


def refuse_oneself(by: str, person: str) -> None:
    """Raise `not_oneself` for what an admin may do to everybody else."""
    if by == person:
        raise MadangError("not_oneself")


async def keep_an_admin(connection: Connection) -> None:
    """Raise `last_admin` when nobody is left who may look after this server, as this transaction has made it. To be asked
    by whoever took that from an admin."""
    await connection.execute(queries.LOCK_ADMINS, Lock.ADMINS)
    if not await connection.fetchval(queries.AN_ADMIN_IS_LEFT):
        raise MadangError("last_admin")


async def is_admin(connection: Connection, person: str) -> bool:
    """Whether somebody is one of those who look after this server."""
    found: bool = await connection.fetchval(queries.IS_ADMIN, person)
    return found


# --- transactions -----------------------------------------------------------------------------------------------------


async def _standing(connection: Connection, person: str) -> Standing:
    row = await connection.fetchrow(queries.STANDING, person)
    if row is None:
        raise MadangError("person_not_found")
    suspension = None
    if row["since"] is not None:
        suspension = Suspension(ms_of(row["since"]), row["reason"], str(row["by"]) if row["by"] else None)
    return Standing(str(row["id"]), row["roles"], suspension)


async def _change(
    connection: Connection, person: str, act: Callable[[], Awaitable[bool]], *, bots: bool = True
) -> None:
    """`act` on a person (or, with `bots`, a bot) under their lock, and the news of it when it changed something."""
    kind = await connection.fetchval(queries.LOCK, person)
    if kind is None or (kind == "bot" and not bots):
        raise MadangError("person_not_found")
    if await act():
        await announce(connection, UserChanged(user=person))


async def _set_roles(
    connection: Connection, by: str, person: str, roles: list[str], now: datetime
) -> Standing:
    async def act() -> bool:
        taken = await connection.fetch(queries.TAKE_ROLES, person, roles)
        given = await connection.fetch(queries.GIVE_ROLES, person, roles, now)
        if not (taken or given):
            return False
        if any(row["role"] == "admin" for row in taken):
            await keep_an_admin(connection)
        await record(connection, by, "people.roles", person=person, given=_names(given), taken=_names(taken))
        if not may_have_bots(roles):
            await _end_bots(connection, person, now)
        return True

    await _change(connection, person, act, bots=False)  # what a bot may do is by the scopes of its tokens
    return await _standing(connection, person)


def _names(rows: Iterable[Any]) -> list[str]:
    return sorted(row["role"] for row in rows)


async def _suspend(
    connection: Connection, by: str, person: str, reason: str, now: datetime
) -> tuple[Standing, list[Dead]]:
    async def act() -> bool:
        if not await connection.fetchval(queries.SUSPEND, person, by, reason, now):
            return False
        if await is_admin(connection, person):
            await keep_an_admin(connection)
        await record(connection, by, "people.suspended", person=person, reason=reason)
        return True

    await _change(connection, person, act)
    dead = await end_everything(connection, person, now)
    return await _standing(connection, person), dead


async def end_everything(connection: Connection, person: str, now: datetime) -> list[Dead]:
    """End a person's sessions and those of their bots in this transaction: the refresh tokens to `blacklist` after it."""
    await _end_bots(connection, person, now)
    return await end_all(connection, person, now)


async def _end_bots(connection: Connection, person: str, now: datetime) -> None:
    """End the sessions of a person's bots, which speak for them. They have no refresh tokens."""
    for bot in await connection.fetch(queries.BOTS, person):
        await end_all(connection, bot["id"], now)


async def _reinstate(connection: Connection, by: str, person: str) -> Standing:
    async def act() -> bool:
        if not await connection.fetchval(queries.REINSTATE, person):
            return False
        await record(connection, by, "people.reinstated", person=person)
        return True

    await _change(connection, person, act)
    return await _standing(connection, person)
