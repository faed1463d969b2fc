"""Saying hello: by header, cookie or first frame; and what the welcome promises."""

from __future__ import annotations

import uuid

import pytest

from common.clock import now_ms
from tests.support.rawsocket import open_raw
from tests.support.visit import visit
from tests.support.world import Replica, World

Pair = tuple[Replica, Replica]


async def test_the_welcome_says_who_where_and_until_when(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    before = now_ms()
    async with visit(pair[0], mina) as raw:
        welcome = raw.welcome
    assert (welcome["user"], welcome["session"]) == (mina.id, mina.session)
    assert uuid.UUID(welcome["connection"]).version == 7
    assert before <= welcome["now"] <= now_ms()
    assert 0 < welcome["expires_at"] - welcome["now"] <= 15 * 60 * 1000
    assert welcome["heartbeat_ms"] == 20_000
    assert set(welcome) == {"type", "connection", "user", "session", "expires_at", "now", "heartbeat_ms"}


async def test_a_hello_with_an_id_is_answered_under_it(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    async with visit(pair[0], mina, id="first") as raw:
        assert await raw.hears("reply") == {"type": "reply", "id": "first", "ok": {}}


@pytest.mark.parametrize(
    "where",
    [
        {"Authorization": "Bearer {}"},
        {"Authorization": "bearer  {} "},
        {"Cookie": "madang_access={}"},
        {"Cookie": 'theme="dark; mode"; odd=[1, 2]; 이름=값; madang_access={}; other=x'},
        {"Cookie": "madang_access={}; madang_access=another"},
    ],
)
async def test_the_token_may_come_with_the_handshake(
    shared_world: World, pair: Pair, where: dict[str, str]
) -> None:
    (mina,) = shared_world.people(1)
    headers = {name: value.format(mina.token()).encode().decode("latin-1") for name, value in where.items()}
    async with open_raw(pair[0].port) as raw:
        await raw.shake_hands(**headers)
        await raw.say({"type": "hello"})
        assert (await raw.hears())["user"] == mina.id


async def test_the_token_of_the_first_frame_counts_before_that_of_the_handshake(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    async with open_raw(pair[0].port) as raw:
        await raw.shake_hands(Authorization=f"Bearer {mina.token()}")
        await raw.say({"type": "hello", "token": jun.token()})
        assert (await raw.hears())["user"] == jun.id


@pytest.mark.parametrize(
    ("header", "hello", "sentence"),
    [
        ("ko-KR,ko;q=0.9", {}, "이 방의 멤버가 아닙니다."),
        ("en", {}, "You are not a member of this room."),
        ("en", {"language": "ko"}, "이 방의 멤버가 아닙니다."),
        ("ko", {"language": "en"}, "You are not a member of this room."),
    ],
)
async def test_refusals_speak_the_language_that_was_asked_for(
    shared_world: World, pair: Pair, header: str, hello: dict[str, str], sentence: str
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(jun)
    async with open_raw(pair[0].port) as raw:
        await raw.shake_hands(Accept_Language=header)
        await raw.say({"type": "hello", "token": mina.token(), **hello})
        error = await raw.refused("room.open", room=room)
        assert error == {"code": "not_a_member", "message": sentence}


async def test_ping_answers_with_the_servers_time(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    async with visit(pair[0], mina) as raw:
        before = now_ms()
        assert before <= (await raw.ok("ping"))["now"] <= now_ms()


async def test_whoever_said_hello_is_refused_a_second_one_also_behind_what_takes_longer(
    shared_world: World, pair: Pair
) -> None:
    (mina,) = shared_world.people(1)
    slow = {"type": "room.open", "id": "slow", "room": shared_world.room(mina)}
    hello = {"type": "hello", "resume": {shared_world.room(mina): {"epoch": "1", "seq": 0}}}
    async with visit(pair[0], mina) as raw:
        await raw.say({**hello, "id": "alone"}, slow, {**hello, "id": "behind"})
        for command_id in ("alone", "behind"):
            assert (await raw.hears("reply", id=command_id))["error"]["code"] == "conflict"
        assert "ok" in await raw.hears("reply", id="slow")
        assert await raw.heard_so_far("opened") == []
