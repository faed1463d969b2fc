"""People at control's door, rooms they made, and what was said in them."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
import pytest

from common import feed
from common.clock import now_ms
from common.ids import uuid7
from common.permissions import ROLES
from common.postgres import Connection
from common.roomlog.log import Log
from common.tokens import Claims, sign
from tests.support.control import Control
from tests.support.talk import Talk

Json = dict[str, Any]
_numbers = itertools.count(1)

_ADD_PEOPLE = """
    INSERT INTO users (id, email, nickname, name, phone, password_hash)
    SELECT id, id || '@example.org', nickname, nickname, '+82' || id, ''
    FROM unnest($1::uuid[], $2::text[]) AS new(id, nickname)
"""
_ADD_ROLES = "INSERT INTO user_roles (user_id, role) SELECT unnest($1::uuid[]), 'mentee'"
_ADD_SESSIONS = """
    INSERT INTO sessions (id, user_id, device, address, expires_at)
    SELECT session, id, 'a test', '::1', now() + interval '1 hour' FROM unnest($1::uuid[], $2::uuid[]) AS new(session, id)
"""

_ADD_PICTURE = """
    INSERT INTO uploads (id, owner_id, purpose, name, media_type, size, confirmed_at)
    VALUES ($1, $2, $3, '방.png', 'image/png', 100, now())
"""


@dataclass
class Guest:
    """Somebody who is logged in. Verbs answer with the body of a success; `refused` with the problem of a refusal."""

    id: str
    nickname: str
    session: str
    http: httpx.AsyncClient

    async def create(self, title: str = "한강 달리기", **wanted: Any) -> Json:
        return good(await self.http.post("/api/v1/rooms", json={"title": title, **wanted}), 201)

    async def direct(self, other: Guest) -> Json:
        return good(await self.http.post("/api/v1/rooms/direct", json={"person": other.id}))

    async def join(self, room: str, password: str | None = None) -> Json:
        return good(await self.try_join(room, password))

    async def try_join(self, room: str, password: str | None = None) -> httpx.Response:
        body = {} if password is None else {"password": password}
        return await self.http.post(f"/api/v1/rooms/{room}/join", json=body)

    async def try_code(self, code: str) -> httpx.Response:
        return await self.http.post("/api/v1/rooms/join", json={"code": code})

    async def leave(self, room: str) -> None:
        assert (await self.http.post(f"/api/v1/rooms/{room}/leave")).status_code == 204

    async def room(self, room: str) -> Json:
        return good(await self.http.get(f"/api/v1/rooms/{room}"))

    async def listed(self, **query: Any) -> Json:
        return good(await self.http.get("/api/v1/rooms", params=query))

    async def mine(self, **query: Any) -> Json:
        return good(await self.http.get("/api/v1/rooms/mine", params=query))

    async def members(self, room: str, **query: Any) -> Json:
        return good(await self.http.get(f"/api/v1/rooms/{room}/members", params=query))

    async def mark_read(self, room: str, mseq: int) -> httpx.Response:
        return await self.http.put(f"/api/v1/rooms/{room}/read", json={"mseq": mseq})


def good(answer: httpx.Response, status: int = 200) -> Json:
    assert answer.status_code == status, answer.text
    body: Json = answer.json()
    return body


def refused(answer: httpx.Response, code: str) -> Json:
    problem: Json = answer.json()
    assert problem.get("code") == code, answer.text
    assert answer.status_code == problem["status"]
    return problem


Guests = Callable[[int], Awaitable[list[Guest]]]


@pytest.fixture
async def guests(control: Control) -> AsyncIterator[Guests]:
    """`mina, jun = await guests(2)`: people with a session and a token, put straight into the database."""
    async with AsyncExitStack() as stack:

        async def guests(count: int) -> list[Guest]:
            people = [Guest(uuid7(), f"사람{next(_numbers)}", uuid7(), control.http) for _ in range(count)]
            await control.services.db.transaction(_add, people)
            key = await control.services.keys.signing()
            for person in people:
                token = sign(claims_of(person.id, person.session, control.clock.now_ms // 1000), key)
                person.http = await stack.enter_async_context(control.with_token(token))
            return people

        yield guests


async def picture_of(control: Control, owner: Guest, purpose: str = "room_image") -> str:
    """A picture that somebody sent, put straight into the database."""
    upload = uuid7()

    async def add(connection: Connection) -> None:
        await connection.execute(_ADD_PICTURE, upload, owner.id, purpose)

    await control.services.db.transaction(add)
    return upload


async def put_on_face(control: Control, person: Guest) -> str:
    """What somebody is seen by from now on: the upload."""
    face = await picture_of(control, person, "avatar")
    good(await person.http.patch("/api/v1/me/profile", json={"avatar": face}))
    return face


async def _add(connection: Connection, people: list[Guest]) -> None:
    ids = [person.id for person in people]
    await connection.execute(_ADD_PEOPLE, ids, [person.nickname for person in people])
    await connection.execute(_ADD_ROLES, ids)
    await connection.execute(_ADD_SESSIONS, [person.session for person in people], ids)


def claims_of(user: str, session: str, now: int) -> Claims:
    """What a token says of somebody who signed up."""
    permissions = tuple(sorted(ROLES["mentee"]))
    return Claims(
        sub=user, sid=session, jti=uuid7(), roles=("mentee",), permissions=permissions, iat=now, exp=now + 900
    )


@pytest.fixture
async def talk(control: Control) -> Talk:
    log = Log(control.services.mongo)
    await log.prepare()
    return Talk(log, now_ms)


News = Callable[[], Awaitable[list[feed.AnyChange]]]


@pytest.fixture
def news(control: Control) -> News:
    """What was announced so far about rooms and people, in order."""

    async def read(connection: Connection) -> list[feed.AnyChange]:
        rows = await connection.fetch("SELECT data FROM outbox ORDER BY id")
        changes = [msgspec.json.decode(row["data"], type=feed.AnyChange) for row in rows]
        return [each for each in changes if not isinstance(each, feed.SessionRevoked | feed.KeysChanged)]

    async def news() -> list[feed.AnyChange]:
        return await control.services.db.read(read)

    return news
