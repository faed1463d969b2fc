"""The first admin, whom no admin can appoint: made by whoever runs this server, from its command line."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from common.feed import UserChanged
from common.postgres import Connection
from control.admin import queries
from control.admin.audit import record
from control.outbox import announce


async def appoint(connection: Connection, email: str, now: datetime) -> str:
    """In a transaction: whoever has this e-mail address (folded) is an admin, as of now. Their id. Who is one stays one.

    Raises LookupError, with a sentence for the operator, when there is nobody who could be.
    """
    found: Any = await connection.fetchrow(queries.LOCK_BY_EMAIL, email)
    if found is None:
        raise LookupError(f"nobody signed up with {email}: sign up first, then run this again")
    if found["shut_out"]:
        raise LookupError(f"whoever has {email} is suspended or deleted: let another admin see to that first")
    user: str = found["id"]
    given = await connection.fetch(queries.GIVE_ROLES, user, ["admin"], now)
    if given:
        await announce(connection, UserChanged(user=user))
        await record(connection, user, "people.roles", person=user, given=["admin"], taken=[], operator=True)
    return user
