"""Redis is away, hangs, or has forgotten: people come and go all the same, and others hear of it once they can."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import trio
import trio.testing

from chatd.presence import Presence
from common.errors import StoreUnavailable
from common.redis import Redis
from deploy.embedded.valkey import Valkey
from tests.chatd.presence.replicas import LEASE, SOON, Cluster, Ear, Replica, open_cluster, total_of, until


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
    refused = trio.Event()

    @cluster.nursery.start_soon
    async def arrive() -> None:
        with pytest.raises(StoreUnavailable):
            await one.presence.arrived("cid", "c1")
        refused.set()

    await trio.testing.wait_all_tasks_blocked()
    assert refused.is_set()  # by now it is known: nobody waits for it
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
    one = await cluster.start("one", lease=4 * SOON)  # by which a saying that hangs is given up, too
    one.wire.held = trio.Event()
    with pytest.raises(StoreUnavailable), trio.fail_after(SOON):
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
