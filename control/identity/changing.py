"""Another e-mail address, phone number or password for an account, by its owner.

The new contact is proven by a code first, so whoever learns here that it is in use holds it. Each change is told to whom it
concerns (`telling.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import asyncpg

from common.errors import ERRORS, Language, MadangError
from common.feed import AccountChanged
from common.postgres import Connection
from control.identity import queries
from control.identity.owning import Owner, confirm, owner
from control.identity.passwords import check_password
from control.identity.sessions import Dead, blacklist, end_others
from control.identity.telling import mail
from control.identity.views import ChangeContact, ChangePassword
from control.outbox import announce
from control.sealing import plain_hash
from control.services import Services

Contact = Literal["email", "phone"]

_SET: Final[dict[Contact, str]] = {"email": queries.SET_EMAIL, "phone": queries.SET_PHONE}
_TAKEN: Final[dict[Contact, str]] = {"email": "email_taken", "phone": "phone_taken"}


async def change_contact(
    services: Services, user: str, contact: Contact, wanted: ChangeContact, *, language: Language
) -> None:
    """Let the account have the contact that `wanted.proof` stands for. The same one as before changes nothing.

    Raises `contact_unproven`, also for a proof of the other kind; `email_taken`, `phone_taken`; what `owner` raises.
    """
    shown = await owner(services, user, wanted)
    before, after = await services.db.transaction(_change_contact, contact, plain_hash(wanted.proof), shown)
    if before[contact] != after:
        await mail(services, before["email"], contact, language, new=after)


async def change_password(
    services: Services, user: str, session: str, wanted: ChangePassword, *, language: Language
) -> None:
    """Set another password, and end all sessions but this one. Raises `password_weak`, and what `owner` raises."""
    check_password(wanted.new, personal=())
    shown = await owner(services, user, wanted)
    password_hash = await services.passwords.hash(wanted.new)
    email, dead = await services.db.transaction(_change_password, session, wanted.new, password_hash, shown)
    await blacklist(services, dead)
    await mail(services, email, "password", language)


# --- transactions -----------------------------------------------------------------------------------------------------


async def _change_contact(
    connection: Connection, kind: Contact, proof: bytes, shown: Owner
) -> tuple[asyncpg.Record, str]:
    """The account before, and the contact it has now."""
    account = await confirm(connection, shown)
    contact: str | None = await connection.fetchval(queries.TAKE_PROOF, proof, shown.now)
    if contact is None or ("@" in contact) != (kind == "email"):
        raise MadangError("contact_unproven")
    try:
        await connection.execute(_SET[kind], shown.user, contact)
    except asyncpg.UniqueViolationError:
        raise MadangError(_TAKEN[kind], fields={kind: ERRORS[_TAKEN[kind]].en}) from None
    if account[kind] != contact:
        await announce(connection, AccountChanged(user=shown.user, change=kind))
    return account, contact


async def _change_password(
    connection: Connection, session: str, password: str, password_hash: str, shown: Owner
) -> tuple[str, Sequence[Dead]]:
    account = await confirm(connection, shown)
    check_password(password, personal=(account["email"], account["nickname"], account["name"]))
    await connection.execute(queries.SET_PASSWORD, shown.user, password_hash)
    await announce(connection, AccountChanged(user=shown.user, change="password"))
    return account["email"], await end_others(connection, shown.user, session, shown.now)
