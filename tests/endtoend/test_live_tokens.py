"""What a live socket may do follows its token and its person, within a second, by the hand of a real control."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest
from jwt.utils import base64url_decode

from common.clock import now_ms
from common.ids import uuid7
from common.permissions import permissions_of
from common.tokens import Claims, sign
from tests.support.control import Control, running_control, settings_of
from tests.support.promptly import within
from tests.support.rawsocket import Raw, open_raw
from tests.support.services import Services
from tests.support.visit import granted_once, outlive, say, saying, visit
from tests.support.world import Person, Replica, World, hand_over_to_control, open_world

Pair = tuple[Replica, Replica]


# --- past its end -------------------------------------------------------------------------------------------------------


async def test_past_its_end_no_lasting_command_is_done_and_listening_goes_on(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina) as in_time:
        await say(in_time, room, "in time")
    async with visit(pair[0], mina, room, token=mina.token(1)) as late, visit(pair[1], jun, room) as j:
        await outlive(late)
        of = {"room": room, "client_id": uuid7(), "of": 1}
        for command, fields in (
            ("message.send", saying(room, "late")),
            ("message.edit", {**of, "text": "late"}),
            ("message.delete", of),
            ("reaction.add", {**of, "emoji": "👍"}),
            ("reaction.remove", {**of, "emoji": "👍"}),
            ("pin.add", of),
            ("pin.remove", of),
            ("read.mark", {"room": room, "mseq": 1}),
            ("typing", {"room": room, "on": True}),
        ):
            assert (await late.refused(command, **fields))["code"] == "token_expired", command
        await say(j, room, "still there?")
        assert (await late.hears("message", text="still there?"))["sender"] == jun.id
        await late.ok("history.page", room=room)
        await late.ok("auth.refresh", token=mina.token())
        await late.ok("message.edit", **of, text="renewed")


# --- a token of other permissions ---------------------------------------------------------------------------------------


async def take_roles(connection: asyncpg.Connection, person: str) -> None:
    await connection.execute("DELETE FROM user_roles WHERE user_id = $1", person)


async def test_a_refreshed_token_takes_effect_with_what_it_permits(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    shared_world.sql(take_roles, mina.id)  # as a bot's, whose token says itself what it may do
    room = shared_world.room(mina)
    silent = [each for each in permissions_of(("mentee",)) if each != "message.send"]
    async with visit(pair[0], mina, room, token=mina.token(600)) as raw:
        await say(raw, room, "before")
        await raw.ok("auth.refresh", token=token_of(mina, 700, silent))
        assert (await raw.refused("message.send", **saying(room, "now")))["code"] == "forbidden"
        await raw.ok("auth.refresh", token=mina.token(800))
        await say(raw, room, "again")


def token_of(person: Person, life_s: float, permissions: list[str]) -> str:
    now = now_ms() // 1000
    claims = Claims(
        sub=person.id, sid=person.session, jti=uuid7(), roles=("mentee",), permissions=tuple(permissions),
        iat=now - 1, exp=now + int(life_s),
    )  # fmt: skip
    return sign(claims, person.key)


# --- with a real control ------------------------------------------------------------------------------------------------


@dataclass
class Human:
    """Somebody who signed up by the front door."""

    id: str
    client: httpx.AsyncClient
    tokens: dict[str, Any]

    @property
    def token(self) -> str:
        token: str = self.tokens["access_token"]
        return token


class Town:
    """A real control and two replicas over the same stores."""

    def __init__(self, control: Control, pair: Pair) -> None:
        self.control = control
        self.pair = pair

    async def human(self) -> Human:
        tokens = await self.control.tokens(await self.control.sign_up())
        client = self.control.with_token(tokens["access_token"])
        return Human(tokens["user"], client, tokens)

    async def admin(self) -> httpx.AsyncClient:
        person = await self.control.sign_up()

        async def promote(connection: asyncpg.Connection) -> None:
            await connection.execute(
                "INSERT INTO user_roles (user_id, role) SELECT id, 'admin' FROM users WHERE email = $1",
                person.email,
            )

        await self.control.services.db.transaction(promote)
        return await self.control.log_in(person)

    @asynccontextmanager
    async def everywhere(self, human: Human) -> AsyncIterator[list[Raw]]:
        """A socket of somebody at each replica."""
        async with open_raw(self.pair[0].port) as one, open_raw(self.pair[1].port) as other:
            for raw in (one, other):
                await raw.shake_hands()
                await raw.say({"type": "hello", "token": human.token})
                raw.welcome = await raw.hears("welcome")
            yield [one, other]


@pytest.fixture(scope="module")
def town_world(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with open_world(services, tmp_path_factory.mktemp("town"), redis_database=3) as world:
        world.sql(hand_over_to_control)
        yield world


@pytest.fixture(scope="module")
def town_pair(town_world: World) -> Pair:
    a, b = town_world.replicas(2)
    return a, b


@pytest.fixture
async def town(town_world: World, town_pair: Pair, s3_url: str) -> AsyncIterator[Town]:
    settings = settings_of(
        database_url=town_world.database_url,
        redis_url=town_world.redis_url,
        mongo_url=town_world.mongo_url,
        s3_url=s3_url,
    )
    async with running_control(settings) as control:
        yield Town(control, town_pair)


async def test_a_log_out_closes_every_socket_of_the_session_within_a_second(town: Town) -> None:
    mina = await town.human()
    async with town.everywhere(mina) as sockets:
        answer = await town.control.post(
            "/api/v1/sessions/logout", {"refresh_token": mina.tokens["refresh_token"]}
        )
        assert answer.status_code == 204
        with within(1):
            for raw in sockets:
                assert await raw.ends() == (4503, "session_revoked")


async def test_a_suspension_closes_every_socket_within_a_second_and_lets_nobody_back(town: Town) -> None:
    mina, boss = await town.human(), await town.admin()
    async with town.everywhere(mina) as sockets:
        answer = await boss.put(f"/api/v1/admin/people/{mina.id}/suspension", json={"reason": "so"})
        assert answer.status_code == 200
        with within(1):
            for raw in sockets:
                assert await raw.ends() == (4503, "session_revoked")
    for replica in town.pair:
        async with open_raw(replica.port) as raw:
            await raw.shake_hands()
            await raw.say({"type": "hello", "token": mina.token})
            assert await raw.ends() == (4503, "session_revoked")


async def test_who_is_deleted_is_off_every_socket_within_a_second_and_does_not_come_back(town: Town) -> None:
    mina, boss = await town.human(), await town.admin()
    async with town.everywhere(mina) as sockets:
        answer = await boss.put(f"/api/v1/admin/people/{mina.id}/deletion", json={"reason": "so"})
        assert answer.status_code == 200
        with within(1):
            for raw in sockets:
                assert await raw.ends() == (4503, "session_revoked")
    for replica in town.pair:
        async with open_raw(replica.port) as raw:
            await raw.shake_hands()
            await raw.say({"type": "hello", "token": mina.token})
            assert await raw.ends() == (4503, "session_revoked")


async def test_a_socket_is_renewed_with_the_token_of_a_real_refresh(town: Town) -> None:
    mina = await town.human()
    async with town.everywhere(mina) as sockets:
        answer = await town.control.post(
            "/api/v1/sessions/refresh", {"refresh_token": mina.tokens["refresh_token"]}
        )
        for raw in sockets:
            renewed = await raw.ok("auth.refresh", token=answer.json()["access_token"])
            assert renewed["expires_at"] >= raw.welcome["expires_at"]


async def test_roles_that_change_take_effect_on_live_sockets_within_a_second(town: Town) -> None:
    """Every role may speak; so somebody who has none, with a token that does not let them, is given one."""
    mina, boss = await town.human(), await town.admin()
    made = await mina.client.post("/api/v1/rooms", json={"title": "a room", "visibility": "public"})
    room = made.json()["id"]

    async def demote(connection: asyncpg.Connection) -> None:
        await connection.execute("DELETE FROM user_roles WHERE user_id = $1", mina.id)

    await town.control.services.db.transaction(demote)
    key = await town.control.services.keys.signing()
    claims = msgspec.json.decode(base64url_decode(mina.token.split(".")[1]), type=Claims)
    silent = tuple(each for each in claims.permissions if each != "message.send")
    mina.tokens["access_token"] = sign(msgspec.structs.replace(claims, roles=(), permissions=silent), key)
    async with town.everywhere(mina) as sockets:
        for raw in sockets:
            await raw.ok("room.open", room=room)
            assert (await raw.refused("message.send", **saying(room, "mh")))["code"] == "forbidden"
        await boss.put(f"/api/v1/admin/people/{mina.id}/roles", json={"roles": ["mentor"]})
        with within(1):
            for raw in sockets:
                await granted_once(raw, "message.send", **saying(room, "now I may"))
        await raw.ok("auth.refresh", token=mina.token)  # an older token takes nothing away
        await say(raw, room, "still")
