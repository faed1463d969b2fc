"""One replica at a time writes changes of membership into the rooms' logs. When it ends, another goes on in order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
import pytest
import trio

from common import feed
from common.ids import uuid7
from tests.support.feed import comings_and_goings, publish
from tests.support.promptly import within
from tests.support.rawsocket import Raw
from tests.support.redis import open_client
from tests.support.visit import once, visit
from tests.support.world import Replica, World

LEASE = {"CHATD_LEASE_SECONDS": "5"}  # of which the recorder's is 2


def kill(replica: Replica) -> None:
    replica.kill()


def drain(replica: Replica) -> None:
    assert replica.terminate() == 0


@pytest.mark.parametrize(("end", "within_s"), [(kill, 6), (drain, 4)], ids=["killed", "drained"])
async def test_when_the_recorder_ends_another_goes_on_in_order(
    world: World, end: Callable[[Replica], None], within_s: float
) -> None:
    pair = await trio.to_thread.run_sync(lambda: world.replicas(2, CHATD_DRAIN_SECONDS="0", **LEASE))
    (mina,) = world.people(1)
    room = world.room(mina)
    publish(world, *comings_and_goings(mina, room, 0, 10))
    async with visit(pair[0], mina) as raw:
        await recorded(raw, room, 10, within_s=10)
    held = await once(partial(recorder, world, pair), lambda found: found)
    (other,) = [replica for replica in pair if replica is not held]
    async with visit(other, mina) as raw:
        publish(world, *comings_and_goings(mina, room, 10, 20))
        await trio.to_thread.run_sync(end, held)
        publish(world, *comings_and_goings(mina, room, 20, 30))
        names = await recorded(raw, room, 30, within_s=within_s)
        assert names == [str(number) for number in range(30)]


async def test_what_a_recorder_was_given_and_never_finished_is_recorded_by_another(world: World) -> None:
    """As when it stood still until it lost the lease, was handed an entry all the same, and died."""
    (mina,) = world.people(1)
    room = world.room(mina)
    (replica,) = await trio.to_thread.run_sync(lambda: world.replicas(1, **LEASE))
    async with visit(replica, mina) as raw:
        publish(world, *comings_and_goings(mina, room, 0, 1))
        await recorded(raw, room, 1, within_s=10)
        with open_client(world.redis_url) as client, client.pipeline(transaction=True) as at_once:
            (change,) = comings_and_goings(mina, room, 1, 2)
            at_once.xadd(feed.STREAM, {"id": uuid7(), "data": msgspec.json.encode(change)})
            at_once.xreadgroup(feed.GROUP, "a dead one", {feed.STREAM: ">"})
            assert at_once.execute()[1]
        await recorded(raw, room, 2, within_s=12)


async def recorded(raw: Raw, room: str, count: int, *, within_s: float) -> list[str]:
    """The names in the room's log once it has that many events."""
    with within(within_s):
        events = await once(partial(the_log, raw, room), lambda log: len(log) >= count)
    return [event["name"] for event in events]


async def the_log(raw: Raw, room: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await raw.ok("history.page", room=room, limit=100))["events"]
    return found


async def recorder(world: World, replicas: list[Replica]) -> Replica | None:
    """The one that holds the lease, if it was not held up for so long that it has just lost it."""
    await trio.lowlevel.checkpoint()
    with open_client(world.redis_url) as client:
        holder = (client.get("{control}:recorder") or b"").decode()
    return next((replica for replica in replicas if holder.startswith(f"{replica.name}:")), None)
