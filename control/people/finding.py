"""Somebody is found by what one knows of them exactly: a nickname, an e-mail address, a phone number.

The answer is the same for who never came, who does not let themselves be found so, and who blocked the one who asks; and
each asker has a rate, so that nobody tries numbers one by one.
"""

from __future__ import annotations

from typing import Any

from common.errors import MadangError
from common.postgres import Connection
from control import faults
from control.identity import phones
from control.identity.accounts import email_address, tidy_nickname
from control.people import queries
from control.people.profiles import person_of
from control.people.views import FindPerson, FoundPerson
from control.services import Services


async def find(services: Services, asker: str, wanted: FindPerson) -> FoundPerson:
    """Who that is, if it may be told. Raises `invalid`, `phone_invalid`."""
    row = await services.db.read(_find, *_question(wanted), asker)
    return FoundPerson(None if row is None else person_of(row))


def _question(wanted: FindPerson) -> tuple[str, str]:
    """The statement, and what it asks for."""
    match wanted:
        case FindPerson(nickname=str(nickname), email=None, phone=None):
            return queries.FIND_BY_NICKNAME, tidy_nickname(nickname)
        case FindPerson(nickname=None, email=str(email), phone=None):
            return queries.FIND_BY_EMAIL, email_address(email)
        case FindPerson(nickname=None, email=None, phone=str(phone)):
            return queries.FIND_BY_PHONE, phones.e164(phone)
    raise MadangError("invalid", fields=dict.fromkeys(("nickname", "email", "phone"), faults.ONE_OF_THESE))


async def _find(connection: Connection, statement: str, known: str, asker: str) -> Any:
    return await connection.fetchrow(statement, known, asker)
