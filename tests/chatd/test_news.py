"""News of the moment reaches whoever it is for on every replica, and never costs anybody what lasts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any

import msgspec
import pytest
import trio

from chatd import news as news_module
from chatd.news import BATCH, KEPT, QUEUE, News
from common import protocol
from common.redis import Redis, open_redis
from common.roomlog.position import SHARDS, shard_of
from deploy.embedded.valkey import Valkey
from tests.support.rawsocket import PATIENCE


class Socket:
    """A connection that notes what it was handed; `backlog` is as the test says."""

    def __init__(self, user: str) -> None:
        self.user = user
        self.backlog = 0.0
        self.pieces: list[bytes] = []
        self.stirred = trio.Event()

    def send_nowait(self, data: bytes) -> bool:
        self.pieces.append(data)
        self.stirred.set()
        self.stirred = trio.Event()
        return True

    @property
    def heard(self) -> list[dict[str, Any]]:
        return [payload for piece in self.pieces for payload in payloads(piece)]

    async def hears(self, count: int) -> list[dict[str, Any]]:
        """What was heard, once it is that much."""
        with trio.fail_after(PATIENCE):
            while len(self.heard) < count:
                await self.stirred.wait()
        return self.heard


def payloads(data: bytes) -> list[dict[str, Any]]:
    """The payloads of whole, unmasked text frames."""
    found = []
    while data:
        length, head = data[1], 2
        if length == 126:
            length, head = int.from_bytes(data[2:4]), 4
        found.append(msgspec.json.decode(data[head : head + length]))
        data = data[head + length :]
    return found


class Hub:
    """Who is here, and listens to what."""

    def __init__(self) -> None:
        self.rooms: dict[str, list[Socket]] = {}
        self.users: dict[str, list[Socket]] = {}

    def at(self, user: str, *rooms: str) -> Socket:
        socket = Socket(user)
        self.users.setdefault(user, []).append(socket)
        for room in rooms:
            self.rooms.setdefault(room, []).append(socket)
        return socket

    def listeners(self, room_id: str) -> list[Socket]:
        return list(self.rooms.get(room_id, ()))

    def of_user(self, user: str) -> list[Socket]:
        return list(self.users.get(user, ()))


class Replica:
    """A hub and its channel."""

    def __init__(self, redis: Redis) -> None:
        self.hub = Hub()
        self.news = News(redis, self.hub)

    def types(self, user: str, room: str, *, on: bool = True) -> None:
        push = protocol.Typing(room=room, user=user, on=on)
        self.news.tell_room(room, push, about=user, light=True)

    def tells(self, user: str, number: int) -> None:
        self.news.tell_person(user, protocol.PersonalExpiring(expires_at=number))


@pytest.fixture
async def server(redis_url: str) -> AsyncIterator[Redis]:
    async with open_redis(redis_url) as server:
        await server.call("FLUSHALL")
        yield server


@pytest.fixture
async def replicas(server: Redis, nursery: trio.Nursery) -> tuple[Replica, Replica]:
    a, b = Replica(server), Replica(server)
    await nursery.start(a.news.run)
    await nursery.start(b.news.run)
    return a, b


Pair = tuple[Replica, Replica]


async def test_a_room_is_told_on_every_replica_but_not_the_person_it_is_about(replicas: Pair) -> None:
    a, b = replicas
    phone, desk = a.hub.at("mina", "yard"), b.hub.at("mina", "yard")
    jun, sol, elsewhere = a.hub.at("jun", "yard"), b.hub.at("sol", "yard"), b.hub.at("bom", "well")
    a.types("mina", "yard")
    a.types("bom", "yard")
    for socket in (jun, sol):
        assert [each["user"] for each in await socket.hears(2)] == ["mina", "bom"]
    for device in (phone, desk):
        assert [each["user"] for each in await device.hears(1)] == ["bom"]
    assert elsewhere.heard == []


async def test_a_person_is_told_on_every_device(replicas: Pair) -> None:
    a, b = replicas
    here, there, other = a.hub.at("mina"), b.hub.at("mina"), b.hub.at("jun")
    b.tells("mina", 7)
    for device in (here, there):
        assert await device.hears(1) == [{"type": "personal.expiring", "expires_at": 7}]
    assert other.heard == []


async def test_what_one_replica_tells_arrives_in_its_order_in_few_pieces(replicas: Pair) -> None:
    a, b = replicas
    mina = b.hub.at("mina")
    count = 3 * BATCH + 5
    for number in range(count):
        a.tells("mina", number)
    assert [each["expires_at"] for each in await mina.hears(count)] == list(range(count))
    assert len(mina.pieces) <= 5


async def test_typing_is_dropped_first_and_no_news_fills_an_outbox(replicas: Pair) -> None:
    a, b = replicas
    idle, busy, full = (b.hub.at(name, "yard") for name in ("idle", "busy", "full"))
    beside = b.hub.at(next(name for name in map(str, range(1000)) if shard_of(name) == shard_of("full")))
    busy.backlog, full.backlog = 0.01, 0.5
    a.types("mina", "yard")
    a.news.tell_room("yard", protocol.PersonalExpiring(expires_at=1), about="mina")
    for name in ("idle", "busy", "full"):
        a.tells(name, 2)
    assert sorted(each["type"] for each in await idle.hears(3)) == ["personal.expiring"] * 2 + ["typing"]
    assert sorted(each["expires_at"] for each in await busy.hears(2)) == [1, 2]
    a.tells(beside.user, 2)
    await beside.hears(1)  # and so has all been told that comes before it
    full.backlog = 0
    a.tells("full", 3)
    assert [each["expires_at"] for each in await full.hears(1)] == [3]


async def test_a_blob_is_one_object_for_all_who_hear_the_same(replicas: Pair) -> None:
    a, b = replicas
    sockets = [b.hub.at(f"user-{number}", "yard") for number in range(1200)]
    a.types("mina", "yard")
    await sockets[-1].hears(1)
    assert len({id(socket.pieces[0]) for socket in sockets}) == 1


async def test_who_leaves_while_a_large_room_is_told_hears_nothing_of_it_after(
    replicas: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_module, "BREATH", 1)
    a, b = replicas
    first, second, third = (b.hub.at(name, "yard") for name in ("first", "second", "third"))

    def leaving(data: bytes) -> bool:
        b.hub.rooms["yard"].remove(second)
        return True

    first.send_nowait = leaving  # type: ignore[method-assign]
    a.types("mina", "yard")
    await third.hears(1)
    assert second.heard == []


async def test_a_stream_keeps_about_a_thousand_entries(replicas: Pair, server: Redis) -> None:
    a, b = replicas
    mina = b.hub.at("mina")
    key = f"{{s{shard_of('mina')}}}:news"
    add = "for _ = 1, ARGV[1] do redis.call('XADD', KEYS[1], '*', 'n', ARGV[2]) end"
    await server.call("EVAL", add, 1, key, 3 * KEPT, msgspec.msgpack.encode([]))
    a.tells("mina", 1)
    await mina.hears(1)
    assert await server.call("XLEN", key) < 1.2 * KEPT


async def test_what_a_newer_version_tells_is_passed_over(replicas: Pair, server: Redis) -> None:
    a, b = replicas
    mina = b.hub.at("mina")
    key = f"{{s{shard_of('mina')}}}:news"
    for strange in (b"", b"\xc1", msgspec.msgpack.encode([["a", "b"]]), msgspec.msgpack.encode({"x": 1})):
        await server.call("XADD", key, "*", "n", strange)
    a.tells("mina", 1)
    assert len(await mina.hears(1)) == 1


async def test_a_new_replica_hears_nothing_of_before(
    replicas: Pair, server: Redis, nursery: trio.Nursery
) -> None:
    a, b = replicas
    mina = b.hub.at("mina")
    a.tells("mina", 1)
    await mina.hears(1)
    late = Replica(server)
    device = late.hub.at("mina")
    await nursery.start(late.news.run)
    a.tells("mina", 2)
    assert [each["expires_at"] for each in await device.hears(1)] == [2]


async def test_too_much_at_once_is_lost_and_not_kept(server: Redis) -> None:
    a = Replica(server)  # which carries nothing yet
    for number in range(QUEUE + 10):
        a.tells("mina", number)
    mina = a.hub.at("mina")
    async with trio.open_nursery() as nursery:
        await nursery.start(a.news.run)
        assert (await mina.hears(QUEUE))[-1]["expires_at"] == QUEUE - 1
        nursery.cancel_scope.cancel()
    assert len(mina.heard) == QUEUE


async def test_every_shard_is_carried_and_heard(replicas: Pair) -> None:
    a, b = replicas
    names: dict[int, str] = {}
    for number in range(2000):
        names.setdefault(shard_of(f"user-{number}"), f"user-{number}")
    assert len(names) == SHARDS
    sockets = [b.hub.at(name) for name in names.values()]
    for name in names.values():
        a.tells(name, 1)
    for socket in sockets:
        await socket.hears(1)


async def test_when_redis_is_lost_with_all_it_held_news_comes_back_by_itself(
    launch: Callable[..., Any], nursery: trio.Nursery
) -> None:
    valkey: Valkey = launch(Valkey)
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(open_redis(valkey.url))
        a, b = Replica(server), Replica(server)
        await nursery.start(a.news.run)
        await nursery.start(b.news.run)
        mina = b.hub.at("mina")
        a.tells("mina", 1)
        await mina.hears(1)
        await trio.to_thread.run_sync(valkey.kill)
        a.tells("mina", 2)
        await trio.sleep(0.2)
        await trio.to_thread.run_sync(valkey.start)
        with trio.fail_after(PATIENCE):
            while mina.heard[-1]["expires_at"] != 3:
                a.tells("mina", 3)
                await trio.sleep(0.05)
        nursery.cancel_scope.cancel()
