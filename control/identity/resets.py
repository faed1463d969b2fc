"""A forgotten password: whoever proves the account's phone number or e-mail address may set another one.

All sessions end with it, live sockets too: if somebody else knew the old password, they are out. It is told as any change of
the password is, lest somebody else did it who only read a code. Guesses at the old one count no more: who forgot it tried it
first, as a rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from common.clock import from_ms
from common.errors import Language, MadangError
from common.feed import AccountChanged
from common.postgres import Connection
from control.identity import queries
from control.identity.passwords import check_password
from control.identity.sessions import Dead, blacklist, end_all, forget_guesses
from control.identity.telling import mail
from control.identity.views import ResetPassword
from control.outbox import announce
from control.sealing import plain_hash
from control.services import Services


async def reset(services: Services, wanted: ResetPassword, *, address: str, language: Language) -> None:
    """Set the password, and end every session. Raises `contact_unproven`, `account_not_found`, `password_weak`.

    The proof is used up only by success: who is told that a password is weak chooses another one.
    """
    check_password(wanted.password, personal=())
    now = from_ms(services.clock())
    if not await services.db.read(_has_proof, plain_hash(wanted.proof), now):
        raise MadangError("contact_unproven")  # before the hash, which is expensive
    password_hash = await services.passwords.hash(wanted.password)
    email, dead = await services.db.transaction(_reset, wanted, password_hash, now)
    await blacklist(services, dead)
    await forget_guesses(services, email, address=address)
    await mail(services, email, "reset", language)


async def _has_proof(connection: Connection, proof: bytes, now: datetime) -> bool:
    found: bool = await connection.fetchval(queries.HAS_PROOF, proof, now)
    return found


async def _reset(
    connection: Connection, wanted: ResetPassword, password_hash: str, now: datetime
) -> tuple[str, Sequence[Dead]]:
    contact = await connection.fetchval(queries.TAKE_PROOF, plain_hash(wanted.proof), now)
    if contact is None:
        raise MadangError("contact_unproven")
    owner: Any = await connection.fetchrow(queries.LOCK_BY_CONTACT, contact)
    if owner is None:
        raise MadangError("account_not_found")
    check_password(wanted.password, personal=(owner["email"], owner["nickname"], owner["name"]))
    user = str(owner["id"])
    await connection.execute(queries.SET_PASSWORD, user, password_hash)
    await announce(connection, AccountChanged(user=user, change="password"))
    return owner["email"], await end_all(connection, user, now)
