"""Who lives in the demo: people called as things are called in Korean and English, whose passwords everybody may read.

They are made by the services that everybody uses; only their phones are vouched for instead of proven.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

import msgspec
import trio

from common.clock import from_ms
from common.errors import MadangError
from common.logs import get_logger
from common.permissions import Role
from common.postgres import Connection
from control.admin import appointing
from control.identity import accounts, queries
from control.identity.views import SignUp
from control.people import profiles, relations
from control.people.views import ChangeProfile
from control.sealing import plain_hash
from control.services import Services
from control.serving import CannotStart

_log = get_logger(__name__)
_PROOF_LIFE: Final = timedelta(minutes=1)
_FIND: Final = "SELECT id::text FROM users WHERE email = $1"

Ids = dict[str, str]  # of people, by the part of their e-mail address before the @


class DemoAccount(msgspec.Struct, frozen=True):
    """Somebody to log in as. `role`: the highest they have."""

    email: str
    password: str
    nickname: str
    role: Role = "mentee"


class _Villager(msgspec.Struct, frozen=True):
    account: DemoAccount
    phone: str
    status: str
    interests: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.account.email.partition("@")[0]


# 010-0 is no prefix that a carrier was given; example.com belongs to nobody (RFC 2606).
_VILLAGERS: Final = (
    _Villager(
        DemoAccount("haneul@example.com", "evening-in-the-yard", "하늘"),
        "+821000000001", "오늘도 마당에서", ("daily", "exercise"),
    ),
    _Villager(
        DemoAccount("bada@example.com", "morning-by-the-well", "바다"),
        "+821000000002", "국밥 같이 드실 분", ("cooking", "music"),
    ),
    _Villager(
        DemoAccount("namu@example.com", "shade-under-the-roof", "나무", "mentor"),
        "+821000000003", "질문은 언제든지", ("development", "reading"),
    ),
    _Villager(
        DemoAccount("gureum@example.com", "far-above-the-village", "구름", "admin"),
        "+821000000004", "", ("daily",),
    ),
    _Villager(
        DemoAccount("noeul@example.com", "colours-after-seven", "노을"),
        "+821000000005", "해 질 녘에 뜁니다", ("exercise", "art"),
    ),
    _Villager(
        DemoAccount("iseul@example.com", "drops-before-sunrise", "이슬"),
        "+821000000006", "", ("exam", "language"),
    ),
    _Villager(
        DemoAccount("river@example.com", "down-to-the-old-ferry", "River", "mentor"),
        "+821000000007", "Ask me about English", ("language", "travel"),
    ),
    _Villager(
        DemoAccount("maple@example.com", "sweet-in-late-october", "Maple"),
        "+821000000008", "Learning Korean, slowly", ("language", "cooking"),
    ),
)  # fmt: skip
ACCOUNTS: Final = [villager.account for villager in _VILLAGERS]
_FRIENDS: Final = (
    ("haneul", "bada"),
    ("haneul", "noeul"),
    ("bada", "maple"),
    ("river", "maple"),
    ("iseul", "namu"),
)


async def settle(services: Services) -> Ids:
    """Everybody is there. Raises `CannotStart` when somebody else has a name that is needed."""
    return await _everybody(services)


async def befriend(services: Services, people: Ids) -> None:
    """Those who know each other keep each other as friends."""
    for one, other in _FRIENDS:
        await relations.add(services, people[one], people[other], "friend")
        await relations.add(services, people[other], people[one], "friend")


async def appoint(services: Services, _: Ids) -> None:
    """The admin is one, as an operator makes the first."""
    now = from_ms(services.clock())
    for account in ACCOUNTS:
        if account.role == "admin":
            await services.db.transaction(appointing.appoint, account.email, now)


async def _everybody(services: Services) -> Ids:
    """All at once: to hash a password takes long, and there is more than one processor."""
    people: Ids = {}
    refusals: list[str] = []

    async def make(villager: _Villager) -> None:
        people[villager.name] = await _person(services, villager)

    try:
        async with trio.open_nursery() as nursery:
            for villager in _VILLAGERS:
                nursery.start_soon(make, villager)
    except* CannotStart as group:
        # Raised here, it would come as a group on some versions of Python.
        refusals += map(str, group.exceptions)
    if refusals:
        raise CannotStart("; ".join(refusals))
    return people


def offered(services: Services, categories: Iterable[str]) -> list[str]:
    """Those of `categories` that no admin has retired meanwhile."""
    known = {each.key for each in services.categories.all() if not each.retired}
    return [key for key in categories if key in known]


async def _person(services: Services, villager: _Villager) -> str:
    account = villager.account
    user = await services.db.read(_find, account.email)
    if user is None:
        user = await _sign_up(services, villager)
        wanted = ChangeProfile(status=villager.status, interests=offered(services, villager.interests))
        await profiles.change(services, user, wanted)
        _log.info("a demo account was made", email=account.email)
    return user


async def _sign_up(services: Services, villager: _Villager) -> str:
    account = villager.account
    proof = await services.db.transaction(_vouch, villager.phone, services.clock())
    wanted = SignUp(
        proof=proof,
        email=account.email,
        name=account.nickname,
        nickname=account.nickname,
        password=account.password,
    )
    try:
        return (await accounts.sign_up(services, wanted)).id
    except MadangError as refusal:
        raise CannotStart(
            f"{account.nickname} <{account.email}> cannot be made: {refusal.kind.en}"
        ) from refusal


async def _find(connection: Connection, email: str) -> str | None:
    user: str | None = await connection.fetchval(_FIND, email)
    return user


async def _vouch(connection: Connection, phone: str, now_ms: int) -> str:
    """A proof of `phone`, as a right code would have given."""
    proof = secrets.token_urlsafe(32)
    await connection.execute(queries.PUT_PROOF, plain_hash(proof), phone, from_ms(now_ms) + _PROOF_LIFE)
    return proof
