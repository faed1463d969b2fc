"""Signing up: one transaction that uses up the proof of a phone number and makes the account, or does neither.

That an e-mail address, a nickname or a number is in use is told only here, to somebody who has just proven a phone
number, at most ten times a proof: whoever would search for addresses this way needs a phone for every ten of them.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import partial
from typing import Final

import asyncpg
from msgspec import UNSET

from common.clock import from_ms, ms_of
from common.errors import ERRORS, MadangError
from common.feed import PresenceChanged
from common.permissions import permissions_of
from common.postgres import Connection
from common.units import HOURS
from control import faults
from control.badges.awarding import welcome
from control.identity import queries
from control.identity.passwords import check_password
from control.identity.social.proofs import link, take_proof
from control.identity.views import SHORTEST_NICKNAME, Account, ChangeAccount, SignUp
from control.outbox import announce
from control.ratelimit import Rate
from control.sealing import plain_hash
from control.services import Services
from control.words import Rules, fields_of, line, tidied
from control.zones import zone_of

PER_PROOF: Final = Rate(10, per=1 * HOURS)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_TAKEN: Final = {
    "users_email_key": ("email_taken", "email"),
    "users_phone_key": ("phone_taken", "phone"),
    "users_nickname_key": ("nickname_taken", "nickname"),
}
_FIRST_ROLE: Final = "mentee"


async def sign_up(services: Services, wanted: SignUp) -> Account:
    """Make the account. Raises what is wrong with the values, `category_unknown`, `phone_unproven`, `social_unproven`, or
    one of `…_taken`."""
    wanted = tidy(services, wanted)
    proof, now = plain_hash(wanted.proof), from_ms(services.clock())
    if not await services.db.read(_has_proof, proof, now):
        raise MadangError("phone_unproven")
    await services.limits.take((f"sign-up:{proof.hex()}", PER_PROOF))
    password_hash = await services.passwords.hash(wanted.password) if wanted.password is not None else None
    return await services.db.transaction(_create, wanted, proof, password_hash, now)


async def account(services: Services, user: str) -> Account:
    """The account of a logged-in person."""
    found = await services.db.read(_account, user)
    if found is None:
        raise MadangError("unauthenticated")
    return found


async def change(services: Services, user: str, wanted: ChangeAccount) -> Account:
    """Change what `wanted` says of an account; the account as it is then. Raises `invalid`."""
    if wanted.name is not UNSET:
        wanted.name = line("name", wanted.name)
    if wanted.timezone and zone_of(wanted.timezone) is None:
        raise MadangError("invalid", fields={"timezone": faults.NOT_A_TIMEZONE})
    return await services.db.transaction(_change, user, wanted)


def tidy(services: Services, wanted: SignUp) -> SignUp:
    """`wanted` in the one form we keep: NFC, no blanks around, the e-mail address case-folded. Raises `invalid`,
    `password_weak`, `category_unknown`."""

    def strong(password: str | None) -> str | None:
        if password is not None:
            check_password(password, personal=(wanted.email, wanted.nickname, wanted.name))
        elif wanted.social is None:
            raise MadangError("invalid", fields={"password": faults.REQUIRED})
        return password

    rules: Rules = {
        "email": email_address,
        "name": partial(line, "name"),
        "nickname": tidy_nickname,
        "password": strong,
        "interests": partial(services.categories.chosen, field="interests"),
    }
    return SignUp(**tidied(fields_of(wanted), rules))


def email_address(text: str) -> str:
    """`text` folded. Raises `invalid` when it is no e-mail address."""
    email = fold_email(text)
    if not _EMAIL.fullmatch(email) or not email.isprintable():
        raise MadangError("invalid", fields={"email": faults.NOT_AN_EMAIL})
    return email


def fold_email(email: str) -> str:
    """The form in which two spellings of one address are equal."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def tidy_nickname(text: str) -> str:
    """Two characters or more, each to be seen: one that cannot be seen would let two people look the same. Raises `invalid`."""
    nickname = line("nickname", text)
    if not nickname.isprintable():
        raise MadangError("invalid", fields={"nickname": faults.NOT_PRINTABLE})
    if len(nickname) < SHORTEST_NICKNAME:
        raise MadangError("invalid", fields={"nickname": f"Expected `str` of length >= {SHORTEST_NICKNAME}"})
    return nickname


async def _has_proof(connection: Connection, proof: bytes, now: datetime) -> bool:
    found: bool = await connection.fetchval(queries.HAS_PROOF, proof, now)
    return found


async def _create(
    connection: Connection, wanted: SignUp, proof: bytes, password_hash: str | None, now: datetime
) -> Account:
    phone = await connection.fetchval(queries.TAKE_PROOF, proof, now)
    if phone is None or "@" in phone:
        raise MadangError("phone_unproven")
    values = (wanted.email, wanted.nickname, wanted.name, phone)
    try:
        user = await connection.fetchval(
            queries.ADD_USER, *values, password_hash, wanted.gender, wanted.interests, now
        )
    except asyncpg.UniqueViolationError as fault:
        code, field = _TAKEN[fault.constraint_name or ""]
        raise MadangError(code, fields={field: ERRORS[code].en}) from None
    await connection.execute(queries.ADD_ROLE, user, _FIRST_ROLE, now)
    if wanted.social is not None:
        provider, subject = await take_proof(connection, plain_hash(wanted.social), now)
        await link(connection, str(user), provider, subject, now)
    await welcome(connection, str(user), now)
    created = await _account(connection, str(user))
    if created is None:
        raise LookupError("an account vanished inside the transaction that made it")
    return created


async def _change(connection: Connection, user: str, wanted: ChangeAccount) -> Account:
    await _set(connection, user, wanted)
    if wanted.presence is not UNSET and await connection.fetchval(
        queries.SET_PRESENCE, user, wanted.presence
    ):
        await announce(connection, PresenceChanged(user=user))
    found = await _account(connection, user)
    if found is None:
        raise MadangError("unauthenticated")
    return found


async def _set(connection: Connection, user: str, wanted: ChangeAccount) -> None:
    """What nobody else hears of."""
    now = await connection.fetchrow(queries.LOCK_SETTINGS, user)
    if now is None:
        raise MadangError("unauthenticated")
    name = now["name"] if wanted.name is UNSET else wanted.name
    gender = now["gender"] if wanted.gender is UNSET else wanted.gender
    found_by = now["found_by"] if wanted.found_by is UNSET else sorted(set(wanted.found_by))
    timezone = now["timezone"] if wanted.timezone is UNSET else wanted.timezone
    if (name, gender, found_by, timezone) != tuple(now):
        await connection.execute(queries.SET_SETTINGS, user, name, gender, found_by, timezone)


async def _account(connection: Connection, user: str) -> Account | None:
    row = await connection.fetchrow(queries.ACCOUNT, user)
    if row is None:
        return None
    return Account(
        id=str(row["id"]),
        email=row["email"],
        nickname=row["nickname"],
        name=row["name"],
        phone=row["phone"],
        gender=row["gender"],
        interests=row["interests"],
        roles=row["roles"],
        permissions=permissions_of(row["roles"]),
        created_at=ms_of(row["created_at"]),
        presence=row["presence"],
        found_by=row["found_by"],
        timezone=row["timezone"],
        has_password=row["has_password"],
    )
