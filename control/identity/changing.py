"""Another e-mail address, phone number or password for an account, by its owner.

The new contact is proven by a code first, so whoever learns here that it is in use holds it. Each change is told to the
e-mail address that the account had before it (NIST SP 800-63B §4.6): if it was somebody else's doing, the owner hears of it
where he still can. That a mailbox cannot be reached undoes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import asyncpg
import structlog

from common.errors import ERRORS, Language, MadangError
from common.logs import get_logger
from common.postgres import Connection
from control.identity import queries
from control.identity.mail import MailUnavailable
from control.identity.owning import Owner, confirm, owner
from control.identity.passwords import check_password
from control.identity.sessions import Dead, blacklist, end_others
from control.identity.views import ChangeContact, ChangePassword
from control.sealing import plain_hash
from control.services import Services

Contact = Literal["email", "phone"]
Changed = Literal["email", "phone", "password"]

_SET: Final[dict[Contact, str]] = {"email": queries.SET_EMAIL, "phone": queries.SET_PHONE}
_TAKEN: Final[dict[Contact, str]] = {"email": "email_taken", "phone": "phone_taken"}
_SUBJECTS: Final[dict[Language, str]] = {
    "en": "Your Madang account was changed",
    "ko": "마당 계정이 변경되었습니다",
}
_TEXTS: Final[dict[Language, dict[Changed, str]]] = {
    "en": {
        "email": "Your account has another e-mail address now: {new}.",
        "phone": "Your account has another phone number now.",
        "password": "Your account has another password now; your other devices were logged out.",
    },
    "ko": {
        "email": "계정의 이메일 주소가 {new}(으)로 변경되었습니다.",
        "phone": "계정의 전화번호가 변경되었습니다.",
        "password": "계정의 비밀번호가 변경되어 다른 기기에서는 로그아웃되었습니다.",
    },
}
_NOT_YOU: Final[dict[Language, str]] = {
    "en": "If that was not you, set another password at once, by your phone number.",
    "ko": "본인이 아니라면 전화번호로 바로 비밀번호를 다시 설정해 주세요.",
}
_log: structlog.stdlib.BoundLogger = get_logger(__name__)


async def change_contact(
    services: Services, user: str, contact: Contact, wanted: ChangeContact, *, language: Language
) -> None:
    """Let the account have the contact that `wanted.proof` stands for. The same one as before changes nothing.

    Raises `contact_unproven`, also for a proof of the other kind; `email_taken`, `phone_taken`; what `owner` raises.
    """
    shown = await owner(services, user, wanted)
    before, after = await services.db.transaction(_change_contact, contact, plain_hash(wanted.proof), shown)
    if before[contact] != after:
        await _tell(services, before["email"], contact, language, new=after)


async def change_password(
    services: Services, user: str, session: str, wanted: ChangePassword, *, language: Language
) -> None:
    """Set another password, and end all sessions but this one. Raises `password_weak`, and what `owner` raises."""
    check_password(wanted.new, personal=())
    shown = await owner(services, user, wanted)
    password_hash = await services.passwords.hash(wanted.new)
    email, dead = await services.db.transaction(_change_password, session, wanted.new, password_hash, shown)
    await blacklist(services, dead)
    await _tell(services, email, "password", language)


async def _tell(
    services: Services, address: str, what: Changed, language: Language, *, new: str = ""
) -> None:
    text = f"{_TEXTS[language][what].format(new=new)}\n\n{_NOT_YOU[language]}\n"
    try:
        await services.mailer.mail(address, _SUBJECTS[language], text)
    except MailUnavailable as fault:
        _log.warning("that an account was changed could not be mailed", what=what, why=str(fault))


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
    return account, contact


async def _change_password(
    connection: Connection, session: str, password: str, password_hash: str, shown: Owner
) -> tuple[str, Sequence[Dead]]:
    account = await confirm(connection, shown)
    check_password(password, personal=(account["email"], account["nickname"], account["name"]))
    await connection.execute(queries.SET_PASSWORD, shown.user, password_hash)
    return account["email"], await end_others(connection, shown.user, session, shown.now)
