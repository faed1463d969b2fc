"""Proving a contact, a phone number or an e-mail address: a six-digit code goes out, and comes back for a proof.

Nothing here looks at who has an account: the answers are the same for a contact in use and for one that is not. A
contact is text, E.164 or a folded e-mail address; which of the two shows by its `@`.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

import structlog

from common.clock import from_ms
from common.errors import Language, MadangError
from common.logs import get_logger
from common.postgres import Connection
from common.units import HOURS, MINUTES, SECONDS, to_ms
from control.identity import queries
from control.identity.mail import MailUnavailable
from control.identity.sms import SmsUnavailable
from control.ratelimit import Rate
from control.sealing import plain_hash
from control.services import Services

CODE_LIFE: Final = 3 * MINUTES
RESEND_AFTER: Final = 30 * SECONDS
TRIES: Final = 5
PROOF_LIFE: Final = 10 * MINUTES
PER_CONTACT: Final = Rate(6, per=1 * HOURS)  # 30 guesses an hour at a million codes
PER_ADDRESS: Final = Rate(30, per=1 * HOURS)

_log: structlog.stdlib.BoundLogger = get_logger(__name__)
# What a phone shows has to fit 90 bytes, and to say what it is: providers look for the word.
_TEXTS: Final[dict[Language, str]] = {
    "en": "[Madang] Your verification code is {code}. It is good for 3 minutes.",
    "ko": "[마당] 인증번호는 {code} 입니다. 3분 동안 쓸 수 있습니다.",
}
_SUBJECTS: Final[dict[Language, str]] = {
    "en": "Your Madang verification code",
    "ko": "마당 인증번호",
}


async def send_code(services: Services, contact: str, address: str, language: Language) -> None:
    """Send a fresh code to `contact`, which replaces the one before. `address`: of the client who asks.

    Raises `code_too_soon`, `rate_limited`, or `sms_unavailable` and `mail_unavailable`, after which no code is left behind.
    """
    now = from_ms(services.clock())
    sent_at = await services.db.read(_sent_at, contact)
    _refuse_haste(sent_at, now)
    await services.limits.take((f"code:{contact}", PER_CONTACT), (f"code:{address}", PER_ADDRESS))
    code = f"{secrets.randbelow(10**6):06}"
    code_hash = services.hash_code(contact, code)
    if not await services.db.transaction(_put_code, contact, code_hash, now):
        _refuse_haste(now, now)  # another request was faster by a moment
    error = await _send(services, contact, language, _TEXTS[language].format(code=code))
    if error is not None:
        await services.db.transaction(_withdraw_code, contact, code_hash)
        raise MadangError(error, retry_after_ms=to_ms(RESEND_AFTER))


async def verify_code(services: Services, contact: str, code: str) -> Proof:
    """Exchange the right code for a proof, once. Raises `code_wrong`, `code_expired`, or `code_exhausted`.

    A wrong try is counted even though the answer is an error, so the transaction returns its verdict and commits.
    """
    now = from_ms(services.clock())
    proof = secrets.token_urlsafe(32)
    verdict = await services.db.transaction(
        _exchange, contact, services.hash_code(contact, code), plain_hash(proof), now
    )
    if verdict != "right":
        raise MadangError(verdict)
    return Proof(proof, now + timedelta(seconds=PROOF_LIFE))


@dataclass(frozen=True, slots=True)
class Proof:
    """Whoever has this token proved a contact. Good once, until `expires_at`."""

    token: str
    expires_at: datetime


async def _send(services: Services, contact: str, language: Language, text: str) -> str | None:
    """None when it is on its way; else the error to tell."""
    try:
        if "@" in contact:
            await services.mailer.mail(contact, _SUBJECTS[language], text)
        else:
            await services.sms.send(contact, text)
    except (SmsUnavailable, MailUnavailable) as fault:
        _log.warning("a code could not be sent", why=str(fault))
        return "sms_unavailable" if isinstance(fault, SmsUnavailable) else "mail_unavailable"
    return None


def _refuse_haste(sent_at: datetime | None, now: datetime) -> None:
    if sent_at is None:
        return
    wait = sent_at + timedelta(seconds=RESEND_AFTER) - now
    if wait > timedelta():
        raise MadangError("code_too_soon", retry_after_ms=-(-wait // timedelta(milliseconds=1)))


async def _sent_at(connection: Connection, contact: str) -> datetime | None:
    sent_at: datetime | None = await connection.fetchval(queries.CODE_SENT_AT, contact)
    return sent_at


async def _put_code(connection: Connection, contact: str, code_hash: bytes, now: datetime) -> bool:
    ends, resend = now + timedelta(seconds=CODE_LIFE), now - timedelta(seconds=RESEND_AFTER)
    put = await connection.fetchval(queries.PUT_CODE, contact, code_hash, TRIES, now, ends, resend)
    return put is not None


async def _withdraw_code(connection: Connection, contact: str, code_hash: bytes) -> None:
    await connection.execute(queries.WITHDRAW_CODE, contact, code_hash)


Verdict = Literal["right", "code_wrong", "code_expired", "code_exhausted"]


async def _exchange(
    connection: Connection, contact: str, code_hash: bytes, proof_hash: bytes, now: datetime
) -> Verdict:
    expected: bytes | None = await connection.fetchval(queries.TRY_CODE, contact, now)
    if expected is None:
        exhausted = await connection.fetchval(queries.CODE_IS_EXHAUSTED, contact, now)
        return "code_exhausted" if exhausted else "code_expired"
    if not hmac.compare_digest(expected, code_hash):
        return "code_wrong"
    await connection.execute(queries.DROP_CODE, contact)
    await connection.execute(queries.PUT_PROOF, proof_hash, contact, now + timedelta(seconds=PROOF_LIFE))
    return "right"
