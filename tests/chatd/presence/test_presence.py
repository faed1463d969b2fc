"""Replicas on a real server, with short leases; what happens by the clock to the second is in `test_register`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
import trio
import trio.testing
from prometheus_client import REGISTRY

from chatd.presence import Change, Presence, TooManyConnections
from common.errors import StoreUnavailable
from common.ids import uuid7
from common.redis import Argument, Redis, open_redis
from deploy.embedded.valkey import Valkey

LEASE, RENEW, CALM, COALESCE = 1.0, 0.2, 0.8, 0.02
SOON = 10.0  # a machine may be busy


class Wire(Redis):
    """A replica's own way to the server, which can be cut or held up, and counts scripts."""

    def __init__(self, server: Redis) -> None:
        self.server = server
        self.cut = False
        self.held: trio.Event | None = None
        self.scripts = 0

    async def call(self, *command: Argument) -> Any:
        self.scripts += command[0] == "EVALSHA"
        if self.held is not None:
            await self.held.wait()
        if self.cut:
            raise StoreUnavailable("redis", "cut")
        return await self.server.call(*command)

    async def calls(self, commands: Sequence[Sequence[Argument]]) -> list[Any]:
        return await self.server.calls(commands)


class Ear:
    """Hears the news of one replica."""

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.calls = 0
        self.deaf = False
        self._heard = trio.Event()

    async def __call__(self, changes: Sequence[Change]) -> None:
        self.calls += 1
        self._heard.set()
        self._heard = trio.Event()
        if self.deaf:
            raise StoreUnavailable("postgres", "deaf")
        self.changes += changes

    @property
    def online(self) -> set[str]:
        """Who is, as far as heard."""
        return {
            user
            for user, state in {change.user: change.state for change in self.changes}.items()
            if state == "online"
        }

    def of(self, user: str) -> list[str]:
        return [change.state for change in self.changes if change.user == user]

    async def until(self, true: Callable[[], bool]) -> None:
        with trio.fail_after(SOON):
            while not true():
                await self._heard.wait()

    async def until_online(self, *users: str) -> None:
        await self.until(lambda: self.online == set(users))


class Replica:
    """A running presence, its wire, its ear, and its end."""

    def __init__(self, server: Redis, name: str, lease: float) -> None:
        self.wire = Wire(server)
        self.ear = Ear()
        self.presence = Presence(
            self.wire,
            replica=name,
            boot=uuid7(),
            lease=lease,
            renew=lease * RENEW / LEASE,
            calm=CALM,
            coalesce=COALESCE,
            on_change=self.ear,
        )
        self.life = trio.CancelScope()

    async def run(self, *, task_status: trio.TaskStatus[None]) -> None:
        with self.life:
            await self.presence.run(task_status=task_status)

    def crash(self) -> None:
        self.life.cancel()


class Cluster:
    def __init__(self, server: Redis, nursery: trio.Nursery) -> None:
        self.server = server
        self.nursery = nursery

    async def start(self, name: str, lease: float = LEASE) -> Replica:
        replica = Replica(self.server, name, lease)
        await self.nursery.start(replica.run)
        return replica


@asynccontextmanager
async def open_cluster(url: str) -> AsyncIterator[Cluster]:
    async with open_redis(url) as server, trio.open_nursery() as nursery:
        yield Cluster(server, nursery)
        nursery.cancel_scope.cancel()


@pytest.fixture
async def cluster(redis_url: str) -> AsyncIterator[Cluster]:
    async with open_cluster(redis_url) as cluster:
        yield cluster


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    with trio.fail_after(SOON):
        while not await true():  # noqa: ASYNC110 - the server tells nobody
            await trio.sleep(0.01)


async def total_of(replica: Replica, user: str) -> int | None:
    """How many connections of a user are counted, this asking one not: it comes and goes. None while unknown."""
    try:
        return await replica.presence.arrived(user, "asking") - 1
    except StoreUnavailable:
        return None
    finally:
        replica.presence.left(user, "asking")


async def test_two_replicas_agree_on_who_is_online(cluster: Cluster) -> None:
    one, two = await cluster.start("one"), await cluster.start("two")
    assert await one.presence.arrived("ann", "a1") == 1
    assert await two.presence.arrived("ann", "a2") == 2
    assert await two.presence.arrived("bob", "b1") == 1
    for replica in (one, two):
        await replica.ear.until_online("ann", "bob")
        assert await replica.presence.states(["ann", "bob", "cid"]) == {"ann": "online", "bob": "online"}
        assert await replica.presence.count() == 2
    one.presence.left("ann", "a1")
    two.presence.left("bob", "b1")
    for replica in (one, two):
        await replica.ear.until_online("ann")
    two.presence.left("ann", "a2")
    for replica in (one, two):
        await replica.ear.until_online()
        assert replica.ear.of("ann") == ["online", "offline"]
        assert await replica.presence.states(["ann", "bob"]) == {}


async def test_away_is_heard_everywhere_and_ends_at_any_device(cluster: Cluster) -> None:
    one, two = await cluster.start("one"), await cluster.start("two")
    await one.presence.arrived("ann", "a1")
    await two.presence.arrived("ann", "a2", "away")
    await one.ear.until_online("ann")
    one.presence.turn("a1", "away")
    for replica in (one, two):
        await replica.ear.until(lambda replica=replica: replica.ear.of("ann") == ["online", "away"])  # type: ignore[misc]
        assert await replica.presence.states(["ann"]) == {"ann": "away"}
    two.presence.turn("a2", "online")
    for replica in (one, two):
        await replica.ear.until_online("ann")


async def test_of_thirty_arrivals_at_once_ten_are_admitted(cluster: Cluster) -> None:
    replicas = [await cluster.start(name, lease=20) for name in ("one", "two", "three")]
    admitted: list[tuple[Replica, str]] = []
    refused: list[int] = []

    async def arrive(number: int) -> None:
        replica, connection = replicas[number % 3], f"c{number}"
        try:
            await replica.presence.arrived("ann", connection)
        except TooManyConnections as refusal:
            refused.append(refusal.total)
            replica.presence.left("ann", connection)
        else:
            admitted.append((replica, connection))

    async with trio.open_nursery() as nursery:
        for number in range(30):
            nursery.start_soon(arrive, number)
    assert len(admitted) == 10
    assert refused == [10] * 20
    replica, connection = admitted[0]
    replica.presence.left("ann", connection)
    with trio.fail_after(SOON):
        while len(admitted) == 10:
            await arrive(30)
    await arrive(31)
    assert len(admitted) == 11


async def test_who_could_not_be_counted_is_held_and_counted_later(cluster: Cluster) -> None:
    one, two = await cluster.start("one"), await cluster.start("two")
    for number in range(10):
        await one.presence.arrived("ann", f"a{number}")
    two.wire.cut = True
    with pytest.raises(StoreUnavailable):
        await two.presence.arrived("ann", "uncounted")
    two.wire.cut = False

    async def speaks_again() -> bool:
        return await total_of(two, "bob") == 0

    await until(speaks_again)
    with pytest.raises(TooManyConnections) as refusal:
        await one.presence.arrived("ann", "another")
    assert refusal.value.total == 11


async def test_a_storm_of_arrivals_is_a_few_calls(cluster: Cluster) -> None:
    one = await cluster.start(
        "one", lease=20
    )  # a report is given up after half of it, however slow the machine
    totals: list[int] = []

    async def arrive(number: int) -> None:
        totals.append(await one.presence.arrived(f"user-{number}", f"c{number}"))

    calls_before = one.wire.scripts
    async with trio.open_nursery() as nursery:
        for number in range(2000):
            nursery.start_soon(arrive, number)
    assert totals == [1] * 2000
    assert (
        one.wire.scripts - calls_before < 30
    )  # four full ones, what the first ones missed, renewals and sweeps
    assert await one.presence.count() == 2000
    await one.ear.until(lambda: len(one.ear.online) == 2000)
    assert one.ear.calls < 100


async def test_a_crashed_replicas_people_go_offline(cluster: Cluster) -> None:
    one, two = await cluster.start("one"), await cluster.start("two")
    await one.presence.arrived("ann", "a1")
    await one.presence.arrived("bob", "b1")
    await two.presence.arrived("bob", "b2")
    await two.ear.until_online("ann", "bob")
    one.crash()
    await two.ear.until_online("bob")
    assert await two.presence.arrived("bob", "b3") == 2
    assert two.ear.of("bob") == ["online"]


async def test_a_restarted_replica_has_no_ghosts_from_its_start(cluster: Cluster) -> None:
    one, two = await cluster.start("one"), await cluster.start("two")
    await one.presence.arrived("ann", "a1")
    await one.presence.arrived("bob", "b1")
    await two.ear.until_online("ann", "bob")
    one.crash()
    again = await cluster.start("one")
    assert await again.presence.arrived("ann", "a2") == 1
    await two.ear.until_online("ann")


async def test_a_name_in_use_twice_is_no_quarrel(cluster: Cluster) -> None:
    """A replica that still drains, and the one that has taken its place."""
    old = await cluster.start("one")
    await old.presence.arrived("ann", "a1")
    new = await cluster.start("one")
    await new.presence.arrived("bob", "b1")
    begun = terms()
    target = old.wire.scripts + new.wire.scripts + 60

    async def lived_a_while() -> bool:
        return old.wire.scripts + new.wire.scripts > target

    await until(lived_a_while)
    assert terms() - begun <= 1
    assert await new.presence.states(["ann", "bob"]) == {"ann": "online", "bob": "online"}


def terms() -> float:
    return REGISTRY.get_sample_value("madang_chatd_presence_terms_total") or 0


async def test_after_a_drain_those_go_offline_who_do_not_come_back(cluster: Cluster) -> None:
    one, two = await cluster.start("one"), await cluster.start("two")
    await one.presence.arrived("ann", "a1")
    await one.presence.arrived("bob", "b1")
    await two.ear.until_online("ann", "bob")
    await one.presence.release()
    one.presence.left("ann", "a1")
    assert await two.presence.arrived("ann", "a2") in {1, 2}  # 2 when it was quicker than the sweep
    await two.ear.until_online("ann")
    assert two.ear.of("ann") == ["online"]
    with pytest.raises(StoreUnavailable):
        await one.presence.arrived("cid", "late")


async def test_a_paused_replica_finds_its_people_gone_and_says_them_anew(cluster: Cluster) -> None:
    one, two = await cluster.start("one"), await cluster.start("two")
    await one.presence.arrived("ann", "a1")
    await two.ear.until_online("ann")
    one.wire.held = trio.Event()
    await two.ear.until_online()
    one.wire.held.set()
    one.wire.held = None
    await two.ear.until_online("ann")
    assert two.ear.of("ann") == ["online", "offline", "online"]


async def test_while_redis_is_away_people_come_and_go_and_the_others_hear_of_it_later(
    cluster: Cluster,
) -> None:
    one, two = await cluster.start("one"), await cluster.start("two")
    await one.presence.arrived("ann", "a1")
    await two.ear.until_online("ann")
    one.wire.cut = True
    with pytest.raises(StoreUnavailable):
        await one.presence.arrived("bob", "b1")
    one.wire.held = trio.Event()
    with pytest.raises(StoreUnavailable), trio.fail_after(LEASE / 4):
        await one.presence.arrived("cid", "c1")  # by now it is known: nobody waits for it
    one.wire.held.set()
    one.wire.held = None
    one.presence.left("ann", "a1")
    one.presence.left("cid", "c1")
    one.wire.cut = False
    await two.ear.until_online("bob")
    assert two.ear.of("cid") == []

    async def counted() -> bool:
        return await total_of(one, "bob") == 1

    await until(counted)


async def test_without_redis_at_the_start_it_joins_later(cluster: Cluster) -> None:
    one = Replica(cluster.server, "one", LEASE)
    one.wire.cut = True
    await cluster.nursery.start(one.run)
    with pytest.raises(StoreUnavailable):
        await one.presence.arrived("ann", "a1")
    one.wire.cut = False

    async def joined() -> bool:
        return await total_of(one, "ann") == 1

    await until(joined)
    await one.ear.until_online("ann")


@pytest.mark.parametrize("forgot", [False, True])
async def test_a_server_that_was_killed_is_told_again_who_is_here(
    launch: Callable[..., Valkey], forgot: bool
) -> None:
    valkey = await trio.to_thread.run_sync(launch, Valkey)
    async with open_cluster(valkey.url) as cluster:
        one, two = await cluster.start("one"), await cluster.start("two")
        for user in ("ann", "bob", "cid"):
            await one.presence.arrived(user, f"{user}-1")
        await two.presence.arrived("cid", "cid-2")
        await two.ear.until_online("ann", "bob", "cid")
        await trio.to_thread.run_sync(valkey.kill)
        one.presence.left("bob", "bob-1")
        one.presence.left("cid", "cid-1")
        if forgot:
            await trio.to_thread.run_sync(valkey.wipe)
        await trio.to_thread.run_sync(valkey.start)
        await two.ear.until_online("ann", "cid")

        async def right() -> bool:
            return await two.presence.states(["ann", "bob", "cid"]) == {"ann": "online", "cid": "online"}

        async def all_counted() -> bool:
            return await total_of(two, "ann") == 1 and await total_of(one, "cid") == 1

        await until(right)
        await until(all_counted)
        assert "offline" not in two.ear.of("cid")


async def test_a_replica_that_dies_while_all_is_forgotten_leaves_no_ghosts(cluster: Cluster) -> None:
    """Nobody says its people any more, and nobody else remembers them but who was told of them."""
    one, two = await cluster.start("one"), await cluster.start("two")
    for user in ("ann", "bob", "cid"):
        await one.presence.arrived(user, f"{user}-1")
    await two.presence.arrived("bob", "bob-2")
    await two.ear.until_online("ann", "bob", "cid")
    one.crash()
    await cluster.server.call("FLUSHALL")
    await two.ear.until_online("bob")
    assert {two.ear.of(user)[-1] for user in ("ann", "cid")} == {"offline"}
    assert two.ear.of("bob") == ["online"] * len(two.ear.of("bob"))
    assert await two.presence.states(["ann", "bob", "cid"]) == {"bob": "online"}


async def test_who_was_only_asked_about_is_taken_back_too(cluster: Cluster) -> None:
    one = await cluster.start("one")
    await one.presence.arrived("ann", "a1")
    two = Replica(cluster.server, "two", LEASE)
    two.ear.deaf = True  # it hears no news
    await cluster.nursery.start(two.run)
    assert await two.presence.states(["ann"]) == {"ann": "online"}
    one.crash()
    await cluster.server.call("FLUSHALL")
    two.ear.deaf = False
    await two.ear.until(lambda: two.ear.of("ann")[-1:] == ["offline"])


async def test_whoever_finds_everything_forgotten_waits_no_longer_for_that(server: Redis) -> None:
    presence = Presence(server, replica="one", boot="b", lease=300, renew=100, on_change=Ear())
    async with trio.open_nursery() as nursery:
        await nursery.start(presence.run)
        await presence.arrived("ann", "a1")
        await server.call("FLUSHALL")
        assert await presence.arrived("bob", "b1") == 1
        assert await presence.states(["ann", "bob"]) == {"ann": "online", "bob": "online"}
        nursery.cancel_scope.cancel()


async def test_an_arrival_waits_only_so_long_and_counts_all_the_same(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatd.presence.presence.PATIENCE", 0.05)
    one = await cluster.start("one")
    one.wire.held = trio.Event()
    with pytest.raises(StoreUnavailable), trio.fail_after(LEASE / 4):
        await one.presence.arrived("ann", "a1")
    one.wire.held.set()
    one.wire.held = None
    await one.ear.until_online("ann")


async def test_a_saying_that_hangs_is_given_up_and_said_again(cluster: Cluster) -> None:
    one = await cluster.start("one")
    one.wire.held = trio.Event()
    with pytest.raises(StoreUnavailable):
        await one.presence.arrived("ann", "a1")
    one.wire.held = None  # new calls go through; those that hang never end

    async def counted() -> bool:
        return await total_of(one, "ann") == 1

    await until(counted)


async def test_an_arrival_that_was_cancelled_counts_until_it_leaves(cluster: Cluster) -> None:
    one = await cluster.start("one")
    one.wire.held = trio.Event()
    with trio.move_on_after(0.05) as scope:
        await one.presence.arrived("ann", "a1")
    assert scope.cancelled_caught
    one.wire.held.set()
    one.wire.held = None
    await one.ear.until_online("ann")
    one.presence.left("ann", "a1")
    await one.ear.until_online()


async def test_who_left_before_being_counted_is_zero(cluster: Cluster) -> None:
    one = await cluster.start("one")
    held = one.wire.held = trio.Event()
    totals: list[int] = []

    async def arrive() -> None:
        totals.append(await one.presence.arrived("ann", "a1"))

    async with trio.open_nursery() as nursery:
        await trio.sleep(1.3 * RENEW)  # a renewal is on its way, and held up
        nursery.start_soon(arrive)
        await trio.testing.wait_all_tasks_blocked()
        one.presence.left("ann", "a1")
    assert totals == [0]
    held.set()
    one.wire.held = None
    assert await one.presence.count() == 0


async def test_news_that_could_not_be_passed_on_is_passed_on_later(cluster: Cluster) -> None:
    one = await cluster.start("one")
    one.ear.deaf = True
    await one.presence.arrived("ann", "a1")
    await one.ear.until(lambda: one.ear.calls >= 2)
    await one.presence.arrived("bob", "b1")
    assert one.ear.changes == []
    one.ear.deaf = False
    await one.ear.until_online("ann", "bob")


async def test_changes_close_together_are_one_piece_of_news(server: Redis) -> None:
    ear = Ear()
    presence = Presence(
        server, replica="one", boot="b", calm=0.05, renew=0.05, lease=2, coalesce=1, on_change=ear
    )
    async with trio.open_nursery() as nursery:
        await nursery.start(presence.run)
        for number in range(5):
            await presence.arrived(f"user-{number}", f"c{number}")
        await ear.until(lambda: bool(ear.changes))
        assert ear.calls == 1
        assert {change.user for change in ear.changes} == {f"user-{number}" for number in range(5)}
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize(("replica", "boot"), [("", "b"), ("r", ""), ("two words", "b"), ("r", "b c")])
async def test_names_must_be_told_apart(server: Redis, replica: str, boot: str) -> None:
    with pytest.raises(ValueError, match="without spaces"):
        Presence(server, replica=replica, boot=boot, on_change=Ear())
