"""Bots on live sockets of two replicas, and webhooks from their address to the room's log."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import trio

from chatd.client import Api, BotSession, TokenRefused, open_client
from common import protocol
from common.clock import now_ms
from common.ids import uuid7
from common.permissions import permissions_of
from common.postgres import Connection
from common.tokens import Claims, sign
from tests.faults.control import Control
from tests.support.promptly import within
from tests.support.rawsocket import Raw, open_raw
from tests.support.services import Services
from tests.support.visit import granted_once, once, saying, visit
from tests.support.world import Person, Replica, World, open_world

AT_ONCE = 1  # second
SOON = 10  # seconds, on a busy machine
Json = dict[str, Any]


class Yard:
    """A world with a control and two replicas."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.control = Control(world)
        self.a, self.b = world.replicas(2)
        self.control.start()

    async def do(self, person: Person, method: str, path: str, body: Json | None = None) -> Json:
        """Ask control for something as `person`, who is a mentor; its answer, if it has a body."""
        self.world.sql(make_mentor, person.id)
        headers = {"authorization": f"Bearer {mentors_token(person)}"}
        async with httpx.AsyncClient(
            base_url=self.control.url, headers=headers, timeout=30, verify=False
        ) as http:
            answer = await http.request(method, f"/api/v1/{path}", **({} if body is None else {"json": body}))
            assert answer.status_code < 300, answer.text
            found: Json = answer.json() if answer.content else {}
            return found

    async def bot(self, owner: Person, room: str) -> Json:
        """A bot in a room."""
        bot = await self.do(owner, "POST", "bots", {"nickname": f"bot{uuid7()[-12:]}"})
        await self.do(owner, "PUT", f"bots/{bot['id']}/rooms/{room}")
        return bot

    async def api_token(self, owner: Person, bot: Json, *scopes: str) -> Json:
        return await self.do(owner, "POST", f"bots/{bot['id']}/tokens", {"name": "x", "scopes": list(scopes)})

    def session(self, api_token: Json) -> BotSession:
        return BotSession(Api(self.control.url), api_token["secret"])

    async def hook(self, owner: Person, room: str, name: str = "빌드 알림") -> str:
        """The address of a new webhook."""
        url: str = (await self.do(owner, "POST", f"rooms/{room}/hooks", {"name": name}))["url"]
        return url


async def make_mentor(connection: Connection, person: str) -> None:
    await connection.execute(
        "INSERT INTO user_roles (user_id, role) VALUES ($1, 'mentor') ON CONFLICT DO NOTHING", person
    )


def mentors_token(person: Person) -> str:
    now, roles = now_ms() // 1000, ("mentee", "mentor")
    return sign(
        Claims(
            sub=person.id,
            sid=person.session,
            jti=uuid7(),
            roles=roles,
            permissions=tuple(permissions_of(roles)),
            iat=now,
            exp=now + 900,
        ),
        person.key,
    )


@pytest.fixture(scope="module")
def yard(services: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    with open_world(services, tmp_path_factory.mktemp("bots"), redis_database=3) as world:
        yard = Yard(world)
        yield yard
        yard.control.kill()


async def until_member(raw: Raw, room: str) -> None:
    """Open a room that one was put into a moment ago."""
    await granted_once(raw, "room.open", room=room)


async def until_said(raw: Raw, room: str, count: int) -> list[Json]:
    """The events of a room's log, once there are so many."""
    page = await once(partial(raw.ok, "history.page", room=room), lambda page: len(page["events"]) >= count)
    events: list[Json] = page["events"]
    return events


@asynccontextmanager
async def bot_at(replica: Replica, session: BotSession, *rooms: str) -> AsyncIterator[Raw]:
    async with open_raw(replica.port) as raw:
        await raw.shake_hands()
        await raw.say({"type": "hello", "token": await session()})
        raw.welcome = await raw.hears("welcome")
        for room in rooms:
            await until_member(raw, room)
        yield raw


async def post(address: str, text: str, key: str | None = None) -> Json:
    async with httpx.AsyncClient(timeout=30, verify=False) as http:
        headers = {} if key is None else {"idempotency-key": key}
        answer = await http.post(address, json={"text": text}, headers=headers)
        assert answer.status_code == 202, answer.text
        posted: Json = answer.json()
        return posted


# --- bots -------------------------------------------------------------------------------------------------------------


async def test_bots_talk_in_rooms_and_their_messages_say_that_they_are_bots(yard: Yard) -> None:
    (mina,) = yard.world.people(1)
    room = yard.world.room(mina)
    bot = await yard.bot(mina, room)
    session = yard.session(await yard.api_token(mina, bot, "read", "write"))
    async with (
        visit(yard.b, mina, room) as m,
        open_client([yard.a.url], session) as client,
    ):
        with trio.fail_after(SOON):
            opened = await client.open_room(room)
            await opened.send("안녕하세요, 봇입니다")
            heard = await m.hears("message")
            assert (heard["sender"], heard["origin"]) == (bot["id"], "bot")
            await m.say({"type": "message.send", **saying(room, "반가워요")})
            async for event in opened.events():
                if isinstance(event, protocol.Message) and event.sender == mina.id:
                    assert event.origin is None
                    break
        assert session.user == bot["id"]


async def test_a_bot_does_on_the_socket_what_its_scopes_say_and_no_more(yard: Yard) -> None:
    (mina,) = yard.world.people(1)
    room = yard.world.room(mina)
    bot = await yard.bot(mina, room)
    reads = yard.session(await yard.api_token(mina, bot, "read"))
    writes = yard.session(await yard.api_token(mina, bot, "write"))
    async with bot_at(yard.a, reads, room) as reader, bot_at(yard.b, writes) as writer:
        await writer.ok("message.send", **saying(room, "heard by the other half"))
        with trio.fail_after(SOON):
            assert (await reader.hears("message"))["text"] == "heard by the other half"
        for kind, fields in {
            "message.send": saying(room, "no"),
            "typing": {"room": room, "on": True},
            "reaction.add": {"room": room, "client_id": uuid7(), "of": 2, "emoji": "👍"},
        }.items():
            assert (await reader.refused(kind, **fields))["code"] == "forbidden"
        for kind in ("room.open", "history.page"):
            assert (await writer.refused(kind, room=room))["code"] == "forbidden"
        # A refresh cannot bring the scopes of another token: that is another session.
        assert (await reader.refused("auth.refresh", token=await writes()))["code"] == "token_invalid"
        await reader.ok("auth.refresh", token=await reads())


async def test_a_room_is_not_resumed_by_who_may_not_read(yard: Yard) -> None:
    (mina,) = yard.world.people(1)
    room = yard.world.room(mina)
    writes = yard.session(await yard.api_token(mina, await yard.bot(mina, room), "write"))
    async with open_raw(yard.a.port) as raw:
        await raw.shake_hands()
        resume = {room: {"epoch": "e", "seq": 0}}
        await raw.say({"type": "hello", "token": await writes(), "resume": resume})
        assert await raw.hears("closed") == {"type": "closed", "room": room, "code": "forbidden"}


async def test_revoking_a_token_closes_its_sockets_on_every_replica_within_a_second(yard: Yard) -> None:
    (mina,) = yard.world.people(1)
    room = yard.world.room(mina)
    bot = await yard.bot(mina, room)
    token, other = [await yard.api_token(mina, bot, "read") for _ in range(2)]
    session = yard.session(token)
    async with (
        bot_at(yard.a, session, room) as here,
        bot_at(yard.b, session, room) as there,
        bot_at(yard.a, yard.session(other), room) as spared,
    ):
        access = await session()
        await yard.do(mina, "DELETE", f"bots/{bot['id']}/tokens/{token['token']['id']}")
        with within(AT_ONCE):
            assert await here.ends() == (4503, "session_revoked")
            assert await there.ends() == (4503, "session_revoked")
        await spared.ok("ping")
    async with open_raw(yard.b.port) as raw:
        await raw.shake_hands()
        await raw.say({"type": "hello", "token": access})
        assert await raw.ends() == (4503, "session_revoked")
    with pytest.raises(TokenRefused):
        await session()


# --- webhooks ---------------------------------------------------------------------------------------------------------


async def test_hooks_make_what_is_posted_a_message_of_the_room_live_and_in_its_log(yard: Yard) -> None:
    (mina,) = yard.world.people(1)
    room = yard.world.room(mina)
    address = await yard.hook(mina, room)
    async with visit(yard.a, mina, room) as here, visit(yard.b, mina, room) as there:
        posted = await post(address, "배포가 끝났습니다 🎉")
        with trio.fail_after(SOON):
            events = [await raw.hears("message") for raw in (here, there)]
        assert events[0] == events[1]
        (event,) = events[:1]
        assert (event["origin"], event["name"], event["text"]) == (
            "hook",
            "빌드 알림",
            "배포가 끝났습니다 🎉",
        )
        assert (event["client_id"], event["sender"]) == (posted["id"], address.split("/")[-2])
        assert (event["seq"], event["mseq"]) == (1, 1)
        logged = (await here.ok("history.page", room=room))["events"]
        assert msgspec.convert(logged[0], protocol.Message) == msgspec.convert(event, protocol.Message)
        # It is a message like any other: it can be answered, reacted to, and taken away by a moderator.
        await here.ok("reaction.add", room=room, client_id=uuid7(), of=1, emoji="👍")
        await here.ok("message.delete", room=room, client_id=uuid7(), of=1)


async def test_posts_are_said_once_each_in_their_order(yard: Yard) -> None:
    (mina,) = yard.world.people(1)
    room = yard.world.room(mina)
    address = await yard.hook(mina, room)
    async with visit(yard.a, mina, room) as raw:
        for number in range(15):
            first = await post(address, f"{number}", key=f"k{number}")
            again = await post(address, f"{number}", key=f"k{number}")
            assert again == {"id": first["id"], "repeated": True}
        await post(address, "the last")
        with trio.fail_after(SOON):
            heard = [await raw.hears("message") for _ in range(16)]
    assert [event["text"] for event in heard] == [*[f"{number}" for number in range(15)], "the last"]
    assert [event["seq"] for event in heard] == list(range(1, 17))


async def test_the_secret_of_an_address_is_not_in_the_log_of_any_process(yard: Yard) -> None:
    (mina,) = yard.world.people(1)
    address = await yard.hook(mina, yard.world.room(mina))
    await post(address, "hello")
    async with httpx.AsyncClient(timeout=30, verify=False) as http:
        await http.get(address)
        await http.post(address + "/", json={"text": "x"})
    secret = address.rpartition("/")[2].encode()
    logs = [path.read_bytes() for path in yard.world.folder.glob("*.log")]
    assert any(b"post_to_hook" in log for log in logs)
    assert not any(secret in log for log in logs)


async def test_what_was_answered_while_no_chatd_ran_is_said_when_one_comes(
    services: Services, tmp_path: Path
) -> None:
    with open_world(services, tmp_path, redis_database=4) as world:
        yard = Yard(world)
        try:
            (mina,) = world.people(1)
            room = world.room(mina)
            address = await yard.hook(mina, room)
            for replica in (yard.a, yard.b):
                replica.kill()
            for text in ("one", "two", "three"):
                await post(address, text)
            later = await trio.to_thread.run_sync(lambda: world.replicas(1)[0])
            async with visit(later, mina, room) as raw:
                with trio.fail_after(3 * SOON):
                    heard = [event["text"] for event in await until_said(raw, room, 3)]
            assert heard == ["one", "two", "three"]
        finally:
            yard.control.kill()
