"""What is told of a change to an account: its devices hear of it live, and its mailbox gets a letter.

The letter goes to the e-mail address that the account had before the change (NIST SP 800-63B §4.6): if it was somebody else's
doing, the owner hears of it where he still can. That a mailbox cannot be reached undoes nothing. The live news is announced in
the transaction of the change, by whoever makes it.
"""

from __future__ import annotations

from typing import Final, Literal

import structlog

from common.errors import Language
from common.logs import get_logger
from control.identity.mail import MailUnavailable
from control.services import Services

Changed = Literal["email", "phone", "password", "reset", "linked", "unlinked"]

_SUBJECTS: Final[dict[Language, str]] = {
    "en": "Your Madang account was changed",
    "ko": "마당 계정이 변경되었습니다",
}
_TEXTS: Final[dict[Language, dict[Changed, str]]] = {
    "en": {
        "email": "Your account has another e-mail address now: {new}.",
        "phone": "Your account has another phone number now.",
        "password": "Your account has another password now; your other devices were logged out.",
        "reset": "Your account has another password now, set by a code; all devices were logged out.",
        "linked": "Your account can be logged in to by {new} now.",
        "unlinked": "Your account can no longer be logged in to by {new}.",
    },
    "ko": {
        "email": "계정의 이메일 주소가 {new}(으)로 변경되었습니다.",
        "phone": "계정의 전화번호가 변경되었습니다.",
        "password": "계정의 비밀번호가 변경되어 다른 기기에서는 로그아웃되었습니다.",
        "reset": "확인 번호로 계정의 비밀번호가 다시 설정되어 모든 기기에서 로그아웃되었습니다.",
        "linked": "이제 {new}(으)로 계정에 로그인할 수 있습니다.",
        "unlinked": "이제 {new}(으)로는 계정에 로그인할 수 없습니다.",
    },
}
_NOT_YOU: Final[dict[Language, str]] = {
    "en": "If that was not you, set another password at once, by your phone number.",
    "ko": "본인이 아니라면 전화번호로 바로 비밀번호를 다시 설정해 주세요.",
}
_log: structlog.stdlib.BoundLogger = get_logger(__name__)


async def mail(services: Services, address: str, what: Changed, language: Language, *, new: str = "") -> None:
    """A letter to `address`. `new` is the e-mail address the account has now, or the provider by its name."""
    text = f"{_TEXTS[language][what].format(new=new)}\n\n{_NOT_YOU[language]}\n"
    try:
        await services.mailer.mail(address, _SUBJECTS[language], text)
    except MailUnavailable as fault:
        _log.warning("that an account was changed could not be mailed", what=what, why=str(fault))
