"""Tokens come from control, one refresh at a time, and a lost answer ends no session for good."""

from __future__ import annotations

from contextlib import suppress

import pytest
import trio

from chatd.client import (
    Api,
    ApiUnavailable,
    BotSession,
    CommandFailed,
    Session,
    TokenRefused,
    TokenUnavailable,
)
from chatd.client.http import HttpUnavailable, request
from tests.chatd.client.world import PASSWORD, World, problem

REFRESH = ("POST", "/api/v1/sessions/refresh")
LOG_IN = ("POST", "/api/v1/sessions")


def session_of(world: World, password: str = PASSWORD) -> Session:
    return Session(Api(world.url, "ko"), "arin@example.org", password)


async def test_the_first_token_is_logged_in_for_and_the_next_are_refreshed(world: World) -> None:
    session = session_of(world)
    assert [await session() for _ in range(3)] == ["access-1", "access-2", "access-3"]
    asked = [(path, body.get("refresh_token")) for _, path, body in world.requests]
    assert asked == [
        ("/api/v1/sessions", None),
        ("/api/v1/sessions/refresh", "refresh-1"),
        ("/api/v1/sessions/refresh", "refresh-2"),
    ]
    assert session.user


async def test_refreshes_take_turns(world: World) -> None:
    session = session_of(world)
    async with trio.open_nursery() as nursery:
        for _ in range(10):
            nursery.start_soon(session)
    used = [body["refresh_token"] for _, path, body in world.requests if path.endswith("refresh")]
    assert len(set(used)) == len(used) == 9


async def test_a_good_token_is_not_replaced_for_http(world: World) -> None:
    session = session_of(world)
    assert {await session.access() for _ in range(5)} == {"access-1"}


@pytest.mark.parametrize("code", ["token_reused", "token_expired", "token_invalid"])
async def test_a_session_that_cannot_be_continued_is_begun_anew(world: World, code: str) -> None:
    session = session_of(world)
    await session()
    world.answers[REFRESH] = (401, problem(code, "no"))
    assert await session() == "access-2"


async def test_a_session_that_was_ended_stays_ended(world: World) -> None:
    session = session_of(world)
    await session()
    world.answers[REFRESH] = (401, problem("session_revoked", "This session was ended."))
    with pytest.raises(TokenRefused, match="This session was ended"):
        await session()


async def test_wrong_credentials_are_refused_and_a_busy_control_is_not(world: World) -> None:
    with pytest.raises(TokenRefused, match="wrong"):
        await session_of(world, "not it")()
    world.answers[LOG_IN] = (503, problem("overloaded", "busy", temporary=True))
    with pytest.raises(TokenUnavailable):
        await session_of(world)()


async def test_logging_out_ends_the_session(world: World) -> None:
    world.answers["POST", "/api/v1/sessions/logout"] = (200, None)
    session = session_of(world)
    await session()
    await session.end()
    await session.end()
    assert [body for _, path, body in world.requests if path.endswith("logout")] == [
        {"refresh_token": "refresh-1"}
    ]


async def test_what_is_no_madang_is_told_apart(world: World) -> None:
    world.answers[LOG_IN] = (200, {"something": "else"})
    with pytest.raises(TokenUnavailable, match="not an answer"):
        await session_of(world)()
    with pytest.raises(ApiUnavailable, match=":1: "):
        await Api("http://127.0.0.1:1").me("t")


async def test_a_refusal_carries_its_details(world: World) -> None:
    world.answers["POST", "/api/v1/accounts"] = (
        422,
        problem("invalid", "Some values are wrong.", detail="nickname: 2 to 20", retry_after_ms=5),
    )
    with pytest.raises(CommandFailed) as refused:
        await Api(world.url).sign_up(proof="p", email="e@x.org", name="n", nickname="n", password="p")
    assert refused.value.message == "Some values are wrong. (nickname: 2 to 20)"
    assert (refused.value.code, refused.value.retry_after_ms) == ("invalid", 5)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nx" + b"y" * 70000,
    ],
)
async def test_answers_that_are_none(answer: bytes, nursery: trio.Nursery) -> None:
    async def serve(stream: trio.SocketStream) -> None:
        await stream.receive_some(65536)
        with suppress(trio.BrokenResourceError):  # nobody has to read it to its end
            await stream.send_all(answer)
        await stream.aclose()

    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
    nursery.start_soon(trio.serve_listeners, serve, listeners)
    port = listeners[0].socket.getsockname()[1]
    with pytest.raises(HttpUnavailable):
        await request("GET", f"http://127.0.0.1:{port}/", {})


# --- bots -------------------------------------------------------------------------------------------------------------

EXCHANGE = ("POST", "/api/v1/bots/token")


def bot_of(world: World) -> BotSession:
    return BotSession(Api(world.url, "ko"), "madang_bot_x")


async def test_a_bots_token_is_exchanged_each_time_it_is_asked_for_and_kept_for_http(world: World) -> None:
    session = bot_of(world)
    assert [await session(), await session()] == ["access-1", "access-2"]
    assert {await session.access() for _ in range(5)} == {"access-2"}
    assert [body for _, _, body in world.requests] == [{"token": "madang_bot_x"}] * 2
    assert session.user


@pytest.mark.parametrize("code", ["session_revoked", "token_invalid"])
async def test_a_bots_token_that_is_revoked_stays_so(world: World, code: str) -> None:
    world.answers[EXCHANGE] = (401, problem(code, "no"))
    with pytest.raises(TokenRefused, match="no"):
        await bot_of(world)()


async def test_a_bot_asks_again_when_control_is_busy(world: World) -> None:
    world.answers[EXCHANGE] = (503, problem("unavailable", "later", temporary=True))
    session = bot_of(world)
    with pytest.raises(TokenUnavailable):
        await session()
    del world.answers[EXCHANGE]
    assert await session() == "access-1"
