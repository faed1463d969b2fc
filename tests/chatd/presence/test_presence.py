"""Replicas on a real server, with short leases; what happens by the clock to the second is in `test_register`."""

from __future__ import annotations

import pytest
import trio
import trio.testing
from trio.testing import MockClock

from chatd.presence import Presence, TooManyConnections
from common.errors import StoreUnavailable
from common.redis import Redis
from tests.chatd.presence.replicas import SOON, Cluster, Ear, Replica, terms, total_of, until


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
    one = await cluster.start("one", lease=20)
    held = one.wire.held = trio.Event()
    totals: list[int] = []

    async def arrive() -> None:
        totals.append(await one.presence.arrived("ann", "a1"))

    async with trio.open_nursery() as nursery:
        one.presence.left("bob", "b1")
        await trio.testing.wait_all_tasks_blocked()  # a saying is on its way, and held up
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


async def test_changes_close_together_are_one_piece_of_news(server: Redis, mock_clock: MockClock) -> None:
    ear = Ear()
    presence = Presence(server, replica="one", boot="b", coalesce=1, on_change=ear)
    async with trio.open_nursery() as nursery:
        await nursery.start(presence.run)
        for number in range(5):
            await presence.arrived(f"user-{number}", f"c{number}")
        while not ear.changes:
            await trio.testing.wait_all_tasks_blocked(0.01)
            mock_clock.jump(1)
        assert ear.calls == 1
        assert {change.user for change in ear.changes} == {f"user-{number}" for number in range(5)}
        nursery.cancel_scope.cancel()


@pytest.mark.parametrize(("replica", "boot"), [("", "b"), ("r", ""), ("two words", "b"), ("r", "b c")])
async def test_names_must_be_told_apart(server: Redis, replica: str, boot: str) -> None:
    with pytest.raises(ValueError, match="without spaces"):
        Presence(server, replica=replica, boot=boot, on_change=Ear())
