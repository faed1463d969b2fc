"""An account is deleted, and may be restored: nothing of it is gone yet, but nobody gets in and nobody finds it.

Each act is one transaction with its news and its line in the audit. To do again what is done already changes nothing.
Rooms keep somebody who was deleted among their members, for he may be back; only erasure makes him leave.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from common.clock import from_ms
from common.errors import Language, MadangError
from common.feed import UserChanged
from common.logs import get_logger
from common.postgres import Connection
from control.admin.audit import record
from control.admin.finding import RESTORABLE
from control.admin.standing import end_everything, is_admin, keep_an_admin, refuse_oneself
from control.erasure import queries
from control.identity.mail import MailUnavailable
from control.identity.owning import Owner, confirm, owner
from control.identity.sessions import Dead, blacklist
from control.identity.views import Ownership
from control.outbox import announce
from control.services import Services

_log = get_logger(__name__)
_SUBJECTS: Final[dict[Language, str]] = {
    "en": "Your Madang account was deleted",
    "ko": "마당 계정이 삭제되었습니다",
}
_TEXTS: Final[dict[Language, str]] = {
    "en": "Your account was deleted. For {days} days an admin can restore it; then everything of yours is erased for good.\n\n"
    "If that was not you, write to an admin.\n",
    "ko": "계정이 삭제되었습니다. {days}일 안에는 관리자가 복구할 수 있으며, 그 뒤에는 모든 내용이 완전히 지워집니다.\n\n"
    "본인이 아니라면 관리자에게 알려 주세요.\n",
}


async def delete_oneself(services: Services, user: str, shown: Ownership, *, language: Language) -> None:
    """Delete one's own account, and tell its mailbox. Raises `last_admin`, and what `owner` and `confirm` raise."""
    proven = await owner(services, user, shown)
    email, dead = await services.db.transaction(_delete_oneself, proven)
    await blacklist(services, dead)
    await _tell(services, email, language)


async def delete(services: Services, by: str, person: str, reason: str) -> None:
    """Delete somebody's account. Raises `person_not_found`, `not_oneself`, `last_admin`."""
    refuse_oneself(by, person)
    now = from_ms(services.clock())
    await blacklist(services, await services.db.transaction(_delete, by, person, reason, now))


async def restore(services: Services, by: str, person: str) -> None:
    """Let somebody who was deleted in again. Raises `not_oneself`, `person_not_found`, also once erasure has begun."""
    refuse_oneself(by, person)
    await services.db.transaction(_restore, by, person)


async def _tell(services: Services, email: str, language: Language) -> None:
    """That a mailbox cannot be reached undoes nothing."""
    try:
        await services.mailer.mail(email, _SUBJECTS[language], _TEXTS[language].format(days=RESTORABLE.days))
    except MailUnavailable as fault:
        _log.warning("that an account was deleted could not be mailed", why=str(fault))


# --- transactions -----------------------------------------------------------------------------------------------------


async def _lock(connection: Connection, person: str) -> Any:
    row = await connection.fetchrow(queries.LOCK, person)
    if row is None or row["kind"] != "person":
        raise MadangError("person_not_found")
    return row


async def _close(connection: Connection, person: str, now: datetime) -> tuple[bool, Sequence[Dead]]:
    """Whether that was news, and the refresh tokens to `blacklist`. The account is locked."""
    if not await connection.fetchval(queries.CLOSE, person, now):
        return False, ()
    if await is_admin(connection, person):
        await keep_an_admin(connection)
    await announce(connection, UserChanged(user=person))
    return True, await end_everything(connection, person, now)


async def _delete_oneself(connection: Connection, proven: Owner) -> tuple[str, Sequence[Dead]]:
    row = await _lock(connection, proven.user)
    await confirm(connection, proven)
    _, dead = await _close(connection, proven.user, proven.now)
    return row["email"], dead


async def _delete(connection: Connection, by: str, person: str, reason: str, now: datetime) -> Sequence[Dead]:
    await _lock(connection, person)
    is_news, dead = await _close(connection, person, now)
    if is_news:
        await record(connection, by, "people.deleted", person=person, reason=reason)
    return dead


async def _restore(connection: Connection, by: str, person: str) -> None:
    await _lock(connection, person)
    if await connection.fetchval(queries.RESTORE, person):
        await announce(connection, UserChanged(user=person))
        await record(connection, by, "people.restored", person=person)
