"""A running control with people of every kind, for what is tried on every operation at once.

mina, jun = playground.people(2)
mentor = playground.mentor()
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, cast, get_args

import httpx

from common.clock import now_ms
from common.ids import uuid7
from common.permissions import ROLES, Role, permissions_of
from common.postgres import Connection
from common.roomlog.log import Log
from common.roomlog.position import AnyBody
from common.tokens import Claims, sign
from control.operations import Access
from tests.support.control import PASSWORD
from tests.support.hosted import Hosted
from tests.support.talk import Talk

Json = dict[str, Any]
_numbers = itertools.count(1)

_ADD_PEOPLE: Final = """
    INSERT INTO users (id, email, nickname, name, phone, password_hash)
    SELECT id, id || '@example.org', nickname, nickname, phone, $4
    FROM unnest($1::uuid[], $2::text[], $3::text[]) AS new(id, nickname, phone)
"""
_ADD_SESSIONS: Final = """
    INSERT INTO sessions (id, user_id, device, address, expires_at)
    SELECT session, id, 'a test', '::1', now() + interval '1 hour' FROM unnest($1::uuid[], $2::uuid[]) AS new(session, id)
"""
_ADD_ROLES: Final = "INSERT INTO user_roles (user_id, role) SELECT id, $2 FROM unnest($1::uuid[]) AS new(id)"


@dataclass(frozen=True)
class Person:
    """Somebody with a live session."""

    id: str
    session: str
    nickname: str
    roles: tuple[Role, ...]
    token: str
    http: httpx.Client

    def post(self, path: str, body: Any = None) -> Any:
        """The answer to what must succeed."""
        return good(self.http.post(path, json=body))

    def put(self, path: str, body: Any = None) -> Any:
        """The answer to what must succeed."""
        return good(self.http.put(path, json=body))


def good(answer: httpx.Response) -> Any:
    """The body of a success."""
    assert answer.is_success, f"{answer.request.method} {answer.request.url.path}: {answer.text}"
    return answer.json() if answer.content else None


def roles_for(permission: str | Access) -> tuple[Role, ...]:
    """The roles of somebody who has a permission, and as little else as can be."""
    lowest = next(
        role for role in get_args(Role) if isinstance(permission, Access) or permission in ROLES[role]
    )
    return ("mentee",) if lowest == "mentee" else ("mentee", cast(Role, lowest))


class Playground:
    """A control, and the people and objects that are made on it."""

    def __init__(self, control: Hosted) -> None:
        self.control = control
        self.http = control.http
        self._key = control.run(control.services.keys.signing)
        log = Log(control.services.mongo)
        control.run(log.prepare)
        self.talk = Talk(log, now_ms)
        self._password_hash = control.run(control.services.passwords.hash, PASSWORD)
        self.admin = self.person("mentee", "admin")

    def people(self, count: int, *roles: Role) -> list[Person]:
        """New people, each with these roles and a live session."""
        ids = [uuid7() for _ in range(count)]
        sessions = [uuid7() for _ in range(count)]
        numbers = [next(_numbers) for _ in range(count)]
        nicknames = [f"사람{number}" for number in numbers]
        phones = [f"+8210{40_000_000 + number}" for number in numbers]

        async def add(connection: Connection) -> None:
            await connection.execute(_ADD_PEOPLE, ids, nicknames, phones, self._password_hash)
            await connection.execute(_ADD_SESSIONS, sessions, ids)
            for role in roles:
                await connection.execute(_ADD_ROLES, ids, role)

        self.control.run(self.control.services.db.transaction, add)
        return [
            Person(*who, roles, token := self.token(who[0], who[1], roles), self.client(token))
            for who in zip(ids, sessions, nicknames, strict=True)
        ]

    def person(self, *roles: Role) -> Person:
        """Somebody new."""
        return self.people(1, *(roles or ("mentee",)))[0]

    def become(self, person: Person, role: Role) -> None:
        """Give somebody another role."""
        self.sql(_ADD_ROLES + " ON CONFLICT DO NOTHING", [person.id], role)

    def token(self, user: str, session: str, roles: Sequence[str], *, life_s: int = 900) -> str:
        """An access token, over already when `life_s` is negative."""
        now = self.control.clock() // 1000
        claims = Claims(
            sub=user,
            sid=session,
            jti=uuid7(),
            roles=tuple(roles),
            permissions=tuple(permissions_of(roles)),
            iat=min(now, now + life_s) - 1,
            exp=now + life_s,
        )
        return sign(claims, self._key)

    def client(self, token: str) -> httpx.Client:
        """A client that sends `token`, over the connections of nobody's."""
        headers = {"authorization": f"Bearer {token}"}
        return httpx.Client(
            base_url=self.control.url,
            headers=headers,
            transport=self.http._transport,
            timeout=self.http.timeout,
        )

    def bot(self) -> str:
        """The access token of a bot with every scope."""
        owner = self.person("mentee", "mentor")
        bot = owner.post("/api/v1/bots", {"nickname": f"봇{next(_numbers)}"})
        wanted = {"name": "모든 것", "scopes": ["read", "write", "rooms"]}
        made = owner.post(f"/api/v1/bots/{bot['id']}/tokens", wanted)
        token: str = good(self.http.post("/api/v1/bots/token", json={"token": made["secret"]}))[
            "access_token"
        ]
        return token

    def say(self, room: str, sender: Person, *texts: str) -> None:
        """Put messages into the room's log, as chatd does."""
        self.control.run(self.talk.say, room, sender, *texts)

    def append(self, room: str, body: AnyBody) -> int:
        """Put something else into the room's log; its seq."""
        return self.control.run(self.talk.append, room, body)

    def application(self, person: Person) -> str:
        """What a person sent in to become a mentor."""
        wanted = {"company": "마당", "introduction": "안녕하세요", "categories": [self.category]}
        application: str = person.post("/api/v1/me/mentor-applications", wanted)["id"]
        return application

    def mentor(self) -> Person:
        """Somebody who became a mentor."""
        person = self.person("mentee")
        self.admin.post(f"/api/v1/admin/mentor-applications/{self.application(person)}/approve")
        return person

    def class_of(self, mentor: Person, *, is_open: bool = True) -> str:
        """A class that a mentor gives for nothing, perhaps his first one."""
        if not self.sql("SELECT EXISTS (SELECT FROM mentors WHERE user_id = $1)", mentor.id):
            self.admin.post(f"/api/v1/admin/mentor-applications/{self.application(mentor)}/approve")
        wanted = {"price": 0, "capacity": 20, "starts_at": 4_070_908_800_000, "categories": [self.category]}
        made: str = mentor.post("/api/v1/classes", {"title": "인덱스를 손으로 그리기", **wanted})["id"]
        if is_open:
            mentor.post(f"/api/v1/classes/{made}/open")
        return made

    @cached_property
    def category(self) -> str:
        """The key of a category that is offered."""
        key = f"category-{next(_numbers)}"
        self.admin.put(f"/api/v1/admin/categories/{key}", {"ko": key, "en": key})
        return key

    def wish(self) -> Json:
        """Company for a meal where nobody else looks for it."""
        key, names = f"condition-{next(_numbers)}", {"ko": "강가", "en": "Riverside"}
        for of in ("places", "ways"):
            self.admin.put(f"/api/v1/admin/conditions/{of}/{key}", names)
        return {"category": "meal", "places": [key], "ways": [key]}

    def sql(self, statement: str, *arguments: object) -> Any:
        """The value that a statement gives, or None."""

        async def ask(connection: Connection) -> Any:
            return await connection.fetchval(statement, *arguments)

        return self.control.run(self.control.services.db.transaction, ask)
