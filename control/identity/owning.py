"""That who is logged in is the account's owner, and not merely at a device that was left open.

Whatever could take the account away from its owner asks for it: the present password, or a fresh proof of the phone number
or the e-mail address that the account has now, which is then used up. It goes in two steps, for a password takes long to
compare and a transaction must not: `owner` compares, outside of any; `confirm`, in the transaction of the change, locks
the account, uses up the proof, and sees to it that the password which was compared is still the one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from common.clock import from_ms
from common.errors import MadangError
from common.postgres import Connection
from common.units import MINUTES
from control import faults
from control.identity import queries
from control.identity.views import Ownership
from control.ratelimit import Rate
from control.sealing import plain_hash
from control.services import Services

REFUSALS: Final = (
    "password_wrong",
    "contact_unproven",
    "overloaded",
)  # of operations that ask for it, beside `rate_limited`
PER_USER: Final = Rate(10, per=15 * MINUTES)  # guesses with a session that was left open
Row = Any  # asyncpg's record


@dataclass(frozen=True, slots=True)
class Owner:
    """What somebody showed: the hash that their password matched, or the hash of a proof."""

    user: str
    now: datetime
    password_hash: str | None = None
    proof: bytes | None = None


async def owner(services: Services, user: str, shown: Ownership) -> Owner:
    """The first step. Raises `invalid` when nothing was shown, `password_wrong`, `rate_limited`."""
    now = from_ms(services.clock())
    if shown.owner_proof is not None:
        return Owner(user, now, proof=plain_hash(shown.owner_proof))
    if shown.password is None:
        raise MadangError("invalid", fields=dict.fromkeys(("password", "owner_proof"), faults.SHOW_OWNER))
    door = f"password:{user}"
    await services.limits.take((door, PER_USER))
    stored = await services.db.read(_password_hash, user)
    if stored is None or not await services.passwords.matches(shown.password, stored):
        raise MadangError("password_wrong")
    await services.limits.forget(door)
    return Owner(user, now, password_hash=stored)


async def confirm(connection: Connection, shown: Owner) -> Row:
    """The second step: the account's `email`, `phone`, `nickname`, `name` and `password_hash`, locked. Raises
    `contact_unproven` for a proof that is not good (any more) or of another contact, `password_wrong` when the password was
    changed meanwhile."""
    account: Row = await connection.fetchrow(queries.LOCK_ACCOUNT, shown.user)
    if account is None:
        raise MadangError("unauthenticated")
    if shown.proof is not None:
        contact = await connection.fetchval(queries.TAKE_PROOF, shown.proof, shown.now)
        if contact is None or contact not in (account["phone"], account["email"]):
            raise MadangError("contact_unproven")
    elif account["password_hash"] != shown.password_hash:
        raise MadangError("password_wrong")
    return account


async def _password_hash(connection: Connection, user: str) -> str | None:
    stored: str | None = await connection.fetchval(queries.PASSWORD_HASH, user)
    return stored
