"""Demo data for a machine where nobody has been yet: two people who know each other from the yard, 마당.

It is made by the services that everybody uses, so it is what people could have made themselves; only their phones are
vouched for instead of proven. What is there already is left as it is, so it may be run at every start. Their passwords
are known to everybody who reads this: it refuses to run in production.
"""

from __future__ import annotations

import secrets
import sys
from datetime import timedelta
from typing import Final

import msgspec

from common.clock import from_ms
from common.errors import MadangError
from common.logs import get_logger
from common.postgres import Connection
from control.identity import accounts, queries
from control.identity.views import SignUp
from control.rooms import making, membership, reading
from control.rooms.views import CreateRoom, MineQuery
from control.sealing import plain_hash
from control.services import Services
from control.serving import CannotStart

_log = get_logger(__name__)
_PROOF_LIFE: Final = timedelta(minutes=1)
_FIND: Final = "SELECT id::text FROM users WHERE email = $1"


class DemoAccount(msgspec.Struct, frozen=True):
    """Somebody to log in as."""

    email: str
    password: str
    nickname: str


class DemoRoom(msgspec.Struct, frozen=True):
    """Where they meet."""

    id: str
    title: str
    join_code: str


class Planted(msgspec.Struct, frozen=True):
    """What is there now."""

    accounts: list[DemoAccount]
    rooms: list[DemoRoom]


# 010-0 is no prefix that a carrier was given; example.com belongs to nobody (RFC 2606).
_PEOPLE: Final = (
    (DemoAccount("haneul@example.com", "evening-in-the-yard", "하늘"), "+821000000001"),
    (DemoAccount("bada@example.com", "morning-by-the-well", "바다"), "+821000000002"),
)
_YARD: Final = CreateRoom(
    title="마당", description="모두의 마당입니다. 인사부터 나눠 볼까요?", category="일상", history="all"
)


async def seed(services: Services) -> None:
    """Make what is missing, and print it all as one line of JSON. Raises `CannotStart`."""
    planted = await plant(services)
    sys.stdout.write(msgspec.json.encode(planted).decode() + "\n")


async def plant(services: Services) -> Planted:
    """Make what is missing. Raises `CannotStart` in production, and when somebody else has a name that is needed."""
    if services.settings.profile == "production":
        raise CannotStart("demo data is for development and tests, not for production")
    owner, *others = [await _person(services, account, phone) for account, phone in _PEOPLE]
    yard = await _yard(services, owner)
    for other in others:
        await membership.join(services, other, yard.id, None)
    return Planted([account for account, _ in _PEOPLE], [yard])


async def _person(services: Services, account: DemoAccount, phone: str) -> str:
    user = await services.db.read(_find, account.email)
    if user is not None:
        return user
    proof = await services.db.transaction(_vouch, phone, services.clock())
    wanted = SignUp(
        proof=proof,
        email=account.email,
        name=account.nickname,
        nickname=account.nickname,
        password=account.password,
    )
    try:
        made = await accounts.sign_up(services, wanted)
    except MadangError as refusal:
        raise CannotStart(
            f"{account.nickname} <{account.email}> cannot be made: {refusal.kind.en}"
        ) from refusal
    _log.info("a demo account was made", email=account.email)
    return made.id


async def _find(connection: Connection, email: str) -> str | None:
    user: str | None = await connection.fetchval(_FIND, email)
    return user


async def _vouch(connection: Connection, phone: str, now_ms: int) -> str:
    """A proof of `phone`, as a right code would have given."""
    proof = secrets.token_urlsafe(32)
    await connection.execute(queries.PUT_PROOF, plain_hash(proof), phone, from_ms(now_ms) + _PROOF_LIFE)
    return proof


async def _yard(services: Services, owner: str) -> DemoRoom:
    mine = await reading.mine(services, owner, MineQuery())
    found = [room.id for room in mine.rooms if room.kind == "group" and room.title == _YARD.title]
    if found:
        room = await reading.one(services, owner, found[0])
    else:
        room = await making.create(services, owner, _YARD)
        _log.info("a demo room was made", title=room.title)
    return DemoRoom(room.id, room.title, room.join_code or "")
