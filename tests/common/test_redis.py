"""What the seam to Redis promises, on a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import trio
import trio.testing

from common.errors import StoreUnavailable
from common.redis import Call, Redis, RedisRefusal, Serves, open_redis
from deploy.embedded.valkey import Valkey


@pytest.fixture
def redis_kind() -> str:
    return "server"


@pytest.fixture
async def server(redis_url: str) -> AsyncIterator[Redis]:
    async with open_redis(redis_url) as server:
        yield server


async def test_replies_come_as_the_server_sent_them(server: Redis) -> None:
    assert await server.call("SET", "k", "값") == b"OK"
    assert await server.calls([("GET", "k"), ("GET", "none"), ("INCRBY", "n", 3), ("HGETALL", "h")]) == [
        "값".encode(), None, 3, [],
    ]  # fmt: skip
    assert await server.calls([]) == []


async def test_a_refusal_names_its_code_and_spoils_nothing(server: Redis) -> None:
    await server.call("SET", "k", "text")
    with pytest.raises(RedisRefusal) as refused:
        await server.call("INCR", "k")
    assert refused.value.code == "ERR"
    with pytest.raises(RedisRefusal):
        await server.calls([("SET", "a", 1), ("LPUSH", "k", 1), ("SET", "b", 2)])
    assert await server.calls([("GET", "a"), ("GET", "b")]) == [b"1", b"2"]


async def test_a_script_survives_the_server_forgetting_it(server: Redis) -> None:
    script = server.script("return {KEYS[1], ARGV[1]}")
    assert await script(["k"], [1]) == [b"k", b"1"]
    await server.call("SCRIPT", "FLUSH")
    assert await script(["k"], [2]) == [b"k", b"2"]


async def test_a_cancelled_call_leaves_its_reply_to_nobody(server: Redis) -> None:
    for _ in range(20):
        with trio.move_on_after(0.001):
            await server.call("BLPOP", "empty", 0.05)
        assert await server.call("ECHO", "mine") == b"mine"


async def test_more_callers_than_connections_take_turns(launch: Callable[..., Any]) -> None:
    url = launch(Valkey).url  # where nobody else is
    async with open_redis(url, connections=2) as server, trio.open_nursery() as nursery:
        for _ in range(50):
            nursery.start_soon(server.call, "INCR", "n")
    async with open_redis(url) as server:
        assert await server.call("GET", "n") == b"50"
        clients = await server.call("INFO", "clients")
    assert b"connected_clients:1\r" in clients


async def test_a_server_that_was_restarted_between_calls_is_not_noticed(
    launch: Callable[..., Any],
) -> None:
    valkey = launch(Valkey)
    async with open_redis(valkey.url) as server:
        await server.calls([("SET", "k", "kept")])
        valkey.kill()
        valkey.start()
        assert await server.call("GET", "k") == b"kept"


async def test_a_server_that_is_away_is_said_to_be(launch: Callable[..., Any]) -> None:
    valkey = launch(Valkey)
    async with open_redis(valkey.url) as server, trio.open_nursery() as nursery:
        await server.call("PING")

        async def wait_for_something() -> None:
            with pytest.raises(StoreUnavailable) as away:
                await server.call("BLPOP", "empty", 0)
            assert away.value.store == "redis"

        nursery.start_soon(wait_for_something)
        await trio.testing.wait_all_tasks_blocked()
        valkey.kill()
        with pytest.raises(StoreUnavailable):
            await server.call("PING")


async def test_a_wrong_password_is_told_as_away_not_as_a_bug(launch: Callable[..., Any]) -> None:
    valkey = launch(Valkey)
    host = valkey.url.rpartition("@")[2]
    async with open_redis(f"redis://:wrong@{host}") as server:
        with pytest.raises(StoreUnavailable, match="WRONGPASS"):
            await server.call("PING")


async def test_a_server_that_takes_nobody_more_is_away(launch: Callable[..., Any]) -> None:
    valkey = launch(Valkey)
    async with open_redis(valkey.url) as first, open_redis(valkey.url) as late:
        await first.call("CONFIG", "SET", "maxclients", 1)
        with pytest.raises(StoreUnavailable, match="max number of clients"):
            await late.call("PING")
        await first.call("CONFIG", "SET", "maxclients", 100)
        assert await late.call("PING") == b"PONG"


async def test_every_connection_greets_before_it_serves(launch: Callable[..., Any]) -> None:
    valkey = launch(Valkey)
    lives = []

    async def greet(call: Call, serves: Serves) -> None:
        about = await call("INFO", "server")
        lives.append(next(line for line in about.splitlines() if line.startswith(b"run_id:")))

    async with open_redis(valkey.url, greet=greet) as server:
        await server.call("PING")
        await server.call("PING")
        assert len(lives) == 1
        valkey.kill()
        valkey.start()
        await server.call("PING")
    assert len(set(lives)) == 2


async def test_a_connection_that_could_not_greet_serves_nobody(redis_url: str) -> None:
    calm = False

    async def greet(call: Call, serves: Serves) -> None:
        await call("PING")
        if not calm:
            raise StoreUnavailable("redis", "not yet")

    async with open_redis(redis_url, greet=greet) as server:
        with pytest.raises(StoreUnavailable, match="not yet"):
            await server.call("SET", "k", "v")
        calm = True
        assert await server.call("GET", "k") is None
