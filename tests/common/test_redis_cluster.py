"""The seam to Redis on a cluster of six real servers: the same promises, and what only a cluster can do to them."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
import trio
import trio.testing

from common.errors import StoreUnavailable
from common.redis import Call, Redis, RedisRefusal, Serves, open_redis
from common.redis.slots import Unroutable, slot_of
from deploy.embedded.redis_cluster import RedisCluster
from deploy.embedded.valkey import Valkey
from tests.support.rawsocket import PATIENCE
from tests.support.redis import open_client, url_of_master
from tests.support.services import Services

in_thread = trio.to_thread.run_sync

ONE_OF_EACH = (
    "{s10}:k",
    "{s3}:k",
    "{s0}:k",
)  # whose slots lie with the first, the second and the third master


@pytest.fixture
def redis_kind() -> str:
    return "cluster"


@pytest.fixture
async def cluster(redis_url: str) -> AsyncIterator[Redis]:
    async with open_redis(redis_url) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def shaken(services: Services) -> Iterator[RedisCluster]:
    cluster = services.new(RedisCluster)
    yield cluster
    services.end(cluster)


@pytest.fixture
def mine(shaken: RedisCluster) -> RedisCluster:
    """A cluster to be hurt, whole and empty."""
    shaken.start()
    shaken.empty()
    return shaken


async def until_it_answers(redis: Redis, *command: str, within_s: float = PATIENCE) -> Any:
    """What is answered once it can be."""
    with trio.fail_after(within_s):
        while True:
            try:
                return await redis.call(*command)
            except StoreUnavailable:
                await trio.sleep(0.05)


# --- as a server does -------------------------------------------------------------------------------------------------


async def test_every_key_is_found_where_it_was_left(cluster: Redis, redis_cluster: RedisCluster) -> None:
    assert len({redis_cluster.master_of(key).port for key in ONE_OF_EACH}) == 3
    for key in ONE_OF_EACH:
        assert await cluster.call("SET", key, key) == b"OK"
    assert await cluster.calls([("GET", key) for key in ONE_OF_EACH]) == [k.encode() for k in ONE_OF_EACH]
    assert sorted(await cluster.call("KEYS", "*")) == sorted(key.encode() for key in ONE_OF_EACH)
    assert await cluster.calls([]) == []


async def test_commands_for_one_master_are_carried_out_in_their_order(cluster: Redis) -> None:
    key = ONE_OF_EACH[0]
    assert await cluster.calls([("RPUSH", key, n) for n in range(100)]) == list(range(1, 101))


async def test_a_refusal_names_its_code_and_spoils_nothing(cluster: Redis) -> None:
    with pytest.raises(RedisRefusal) as refused:
        await cluster.calls(
            [("SET", ONE_OF_EACH[0], "text"), ("INCR", ONE_OF_EACH[0]), ("SET", ONE_OF_EACH[1], 2)]
        )
    assert refused.value.code == "ERR"
    assert await cluster.call("GET", ONE_OF_EACH[1]) == b"2"


async def test_a_script_reaches_each_master_and_survives_being_forgotten(cluster: Redis) -> None:
    script = cluster.script("return {KEYS[1], ARGV[1]}")
    for round_number in (1, 2):
        for key in ONE_OF_EACH:
            assert await script([key], [round_number]) == [key.encode(), str(round_number).encode()]
        await cluster.call("SCRIPT", "FLUSH")


async def test_keys_that_lie_apart_share_no_call(cluster: Redis) -> None:
    assert not cluster.joint
    with pytest.raises(Unroutable):
        await cluster.call("DEL", *ONE_OF_EACH)


async def test_all_masters_are_asked_whether_the_cluster_is_ready(mine: RedisCluster) -> None:
    async with open_redis(mine.url) as cluster:
        await cluster.ready()
        master = mine.master_of(ONE_OF_EACH[1])
        for node in (mine.replica_of(master), master):  # so that nobody takes its place
            await in_thread(node.kill)
        with pytest.raises(StoreUnavailable):
            await cluster.ready()


async def test_a_cancelled_call_leaves_its_reply_to_nobody(cluster: Redis) -> None:
    await cluster.call("SET", "{t}mine", "mine")
    for _ in range(20):
        with trio.move_on_after(0.001):
            await cluster.call("BLPOP", "{t}empty", 0.05)
        assert await cluster.call("GET", "{t}mine") == b"mine"


async def test_a_node_taken_for_a_server_says_what_it_is(redis_cluster: RedisCluster) -> None:
    stranger = next(key for key in ONE_OF_EACH if redis_cluster.master_of(key) != redis_cluster.masters()[0])
    async with open_redis(redis_cluster.masters()[0].url) as server:
        with pytest.raises(RedisRefusal, match=r"redis\+cluster://"):
            await server.call("GET", stranger)


# --- finding the way --------------------------------------------------------------------------------------------------


async def test_one_node_that_answers_is_enough_to_find_the_others(redis_cluster: RedisCluster) -> None:
    replica = redis_cluster.replicas()[0]
    url = f"redis+cluster://:{replica.password}@127.0.0.1:1,127.0.0.1:{replica.port}"
    async with open_redis(url) as cluster:
        for key in ONE_OF_EACH:
            assert await cluster.call("SET", key, 1) == b"OK"


@pytest.mark.parametrize("place", ["127.0.0.1:1", "127.0.0.1:1,127.0.0.1:2"])
async def test_a_cluster_that_cannot_be_found_is_away(place: str) -> None:
    async with open_redis(f"redis+cluster://{place}") as cluster:
        with pytest.raises(StoreUnavailable, match=r"127\.0\.0\.1"):
            await cluster.call("GET", "k")


async def test_a_single_server_is_no_cluster(launch: Callable[..., Any]) -> None:
    valkey = launch(Valkey)
    async with open_redis(valkey.url.replace("redis://", "redis+cluster://")) as cluster:
        with pytest.raises(StoreUnavailable, match="cluster support disabled"):
            await cluster.call("GET", "k")


async def test_a_wrong_password_is_told_as_away_not_as_a_bug(redis_cluster: RedisCluster) -> None:
    places = redis_cluster.url.rpartition("@")[2]
    async with open_redis(f"redis+cluster://:wrong@{places}") as cluster:
        with pytest.raises(StoreUnavailable, match="WRONGPASS"):
            await cluster.call("GET", "k")


async def test_the_callers_own_failure_leaves_as_it_came(redis_url: str) -> None:
    async def fail() -> None:
        async with open_redis(redis_url) as cluster:
            raise ZeroDivisionError(await cluster.call("GET", "k"))

    with pytest.raises(ZeroDivisionError):
        await fail()


# --- slots that move --------------------------------------------------------------------------------------------------


class Move:
    """A slot on its way from its master to another, key by key, as an operator who reshards has it."""

    def __init__(self, cluster: RedisCluster, key: str) -> None:
        self.slot = slot_of(key)
        self.old = cluster.master_of(key)
        self.new = next(node for node in cluster.masters() if node != self.old)
        self._ids = {node.port: self._ask(node, "CLUSTER MYID") for node in (self.old, self.new)}
        self._others = [node for node in cluster.masters() if node != self.new]

    @staticmethod
    def _ask(node: Valkey, *command: str | int) -> Any:
        with open_client(node.url) as client:
            return client.execute_command(*command)

    def begin(self) -> None:
        self._ask(self.new, "CLUSTER SETSLOT", self.slot, "IMPORTING", self._ids[self.old.port])
        self._ask(self.old, "CLUSTER SETSLOT", self.slot, "MIGRATING", self._ids[self.new.port])

    def carry(self, *keys: str) -> None:
        command = (
            "MIGRATE",
            "127.0.0.1",
            self.new.port,
            "",
            0,
            5000,
            "AUTH",
            self.new.password,
            "KEYS",
            *keys,
        )
        assert self._ask(self.old, *command) == b"OK"

    def end(self) -> None:
        for node in (self.new, *self._others):
            self._ask(node, "CLUSTER SETSLOT", self.slot, "NODE", self._ids[self.new.port])


async def test_a_key_is_found_before_during_and_after_its_slot_moves(mine: RedisCluster) -> None:
    async with open_redis(mine.url) as cluster:
        await cluster.calls([("SET", "{t}one", 1), ("SET", "{t}two", 2)])
        move = Move(mine, "{t}")
        move.begin()
        assert await cluster.call("GET", "{t}one") == b"1"
        move.carry("{t}one")
        assert await cluster.calls([("GET", "{t}one"), ("GET", "{t}two")]) == [b"1", b"2"]
        with pytest.raises(StoreUnavailable, match="TRYAGAIN"):
            await cluster.call("MGET", "{t}one", "{t}two")
        move.carry("{t}two")
        assert await cluster.call("MGET", "{t}one", "{t}two") == [b"1", b"2"]
        move.end()
        assert await cluster.call("MGET", "{t}one", "{t}two") == [b"1", b"2"]


async def test_who_waits_where_a_slot_was_is_told_to_look_anew(mine: RedisCluster) -> None:
    move = Move(mine, "{t}")
    async with open_redis(mine.url) as cluster, trio.open_nursery() as nursery:
        await cluster.call("XADD", "{t}stream", "1-1", "k", "v")

        async def wait() -> None:
            with pytest.raises(StoreUnavailable, match="took the place of"):
                await cluster.call("XREAD", "BLOCK", 0, "STREAMS", "{t}stream", "1-1")

        nursery.start_soon(wait)
        await trio.testing.wait_all_tasks_blocked(0.05)
        await in_thread(move.begin)
        await in_thread(move.carry, "{t}stream")
        await in_thread(move.end)
        assert await cluster.call("XLEN", "{t}stream") == 1


# --- masters that fall ------------------------------------------------------------------------------------------------


async def test_a_master_that_dies_is_away_until_its_replica_takes_over(mine: RedisCluster) -> None:
    async with open_redis(mine.url) as cluster:
        for key in ONE_OF_EACH:
            await cluster.calls([("SET", key, 1)])
        fallen, *others = ONE_OF_EACH
        master = mine.master_of(fallen)
        heir = mine.replica_of(master)
        os.kill(heir.pid, signal.SIGSTOP)  # until all else was seen
        try:
            await in_thread(master.kill)
            with pytest.raises(StoreUnavailable):
                await cluster.call("INCR", fallen)
            for key in others:
                assert await cluster.call("INCR", key) == 2, "the others do not depend on it"
        finally:
            os.kill(heir.pid, signal.SIGCONT)
        assert await until_it_answers(cluster, "SET", fallen, "again") == b"OK"


async def test_who_waits_for_a_master_that_stands_still_is_cut_short_when_it_is_replaced(
    mine: RedisCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.redis.pool.PATIENCE", PATIENCE)  # its own ends later
    frozen = mine.master_of("{t}")
    async with open_redis(mine.url) as cluster, trio.open_nursery() as nursery:
        await cluster.call("SET", "{t}k", 1)

        async def wait() -> None:
            with pytest.raises(StoreUnavailable, match="another server took its place"):
                await cluster.call("GET", "{t}k")

        os.kill(frozen.pid, signal.SIGSTOP)
        try:
            await wait()
            assert await until_it_answers(cluster, "SET", "{t}k", 2) == b"OK"
        finally:
            os.kill(frozen.pid, signal.SIGCONT)
        assert await cluster.call("GET", "{t}k") == b"2"
        nursery.cancel_scope.cancel()


# --- greetings --------------------------------------------------------------------------------------------------------


class Greeted:
    """Which of some keys were greeted on which servers, in order."""

    def __init__(self, *keys: str) -> None:
        self._keys = keys
        self.seen: list[tuple[str, bytes]] = []

    async def __call__(self, call: Call, serves: Serves) -> None:
        about = await call("INFO", "server")
        life = next(line for line in about.splitlines() if line.startswith(b"run_id:"))
        for key in self._keys:
            if serves(key):
                await call("SET", key, "greeted")
                self.seen.append((key, life))


async def test_a_slot_is_greeted_where_it_lies_before_it_is_served(redis_url: str) -> None:
    greet = Greeted(*ONE_OF_EACH)
    async with open_redis(redis_url, greet=greet) as cluster:
        for key in (*ONE_OF_EACH, *ONE_OF_EACH):
            assert await cluster.call("GET", key) == b"greeted"
    assert [key for key, _ in greet.seen] == list(ONE_OF_EACH)
    assert len({life for _, life in greet.seen}) == 3


async def test_a_new_master_is_greeted_before_it_serves(mine: RedisCluster) -> None:
    greet = Greeted("{t}k")
    async with open_redis(mine.url, greet=greet) as cluster:
        await cluster.call("SET", "{t}k", "mine")
        await in_thread(mine.master_of("{t}k").kill)
        assert await until_it_answers(cluster, "GET", "{t}k") == b"greeted"
    assert len({life for _, life in greet.seen}) == 2


async def test_a_master_that_comes_back_to_its_place_is_greeted_again(mine: RedisCluster) -> None:
    """It ran all along, and so did the connections to it; but what it knew it learned anew from who had its place."""
    greet = Greeted("{t}k")
    async with open_redis(mine.url, greet=greet) as cluster:
        await cluster.call("GET", "{t}k")
        first = await in_thread(mine.master_of, "{t}k")
        for _ in range(2):
            await in_thread(mine.hand_over, "{t}k")
            await in_thread(mine.start)
            await until_it_answers(cluster, "GET", "{t}k")
        assert await in_thread(mine.master_of, "{t}k") == first
    lives = [life for _, life in greet.seen]
    assert lives[0] == lives[-1]
    assert len(set(lives)) == 2


def test_the_one_server_that_holds_a_key_can_be_named(redis_url: str, redis_cluster: RedisCluster) -> None:
    assert str(redis_cluster.master_of("{t}").port) in url_of_master(redis_url, "{t}")
