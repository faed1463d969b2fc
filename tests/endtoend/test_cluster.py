"""Two replicas on a Redis Cluster of six real servers, a master of which is killed in the middle of everything."""

from __future__ import annotations

import pytest
import trio

from common import feed
from common.roomlog.bus import stream_key
from common.roomlog.position import shard_of
from deploy.embedded.redis_cluster import RedisCluster
from tests.faults.cluster_faults import CLUSTER_FAULTS
from tests.faults.stage import Stage
from tests.faults.storm import Weather, storm
from tests.support.feed import comings_and_goings, publish, revoke
from tests.support.promptly import within
from tests.support.rawsocket import End, Raw
from tests.support.visit import say, saying, visit

in_thread = trio.to_thread.run_sync


@pytest.fixture(scope="module")
def bus_kind() -> str:
    return "cluster"


def rooms_apart(stage: Stage, *members: object, away_from: str | None = None) -> tuple[str, str]:
    """Two rooms whose shards different masters hold; that of the first one does not hold the key `away_from`."""
    master_of = stage.cluster.master_of
    one, *others = (
        room
        for room in stage.world.rooms(40, *members)  # type: ignore[arg-type]
        if away_from is None or master_of(stream_key(shard_of(room))) != master_of(away_from)
    )
    holder = master_of(stream_key(shard_of(one)))
    return one, next(other for other in others if master_of(stream_key(shard_of(other))) != holder)


async def test_on_each_master_what_one_says_the_other_hears_on_another_replica(stage: Stage) -> None:
    mina, jun = stage.world.people(2)
    rooms = rooms_apart(stage, mina, jun)
    async with visit(stage.replicas[0], mina, *rooms) as m, visit(stage.replicas[1], jun, *rooms) as j:
        for room in rooms:
            assert (await say(m, room, "안녕하세요"))["seq"] == 1
            assert (await j.hears("message", room=room))["text"] == "안녕하세요"


async def test_rooms_of_other_masters_go_on_while_one_is_dead_and_its_own_come_back(stage: Stage) -> None:
    mina, jun = stage.world.people(2)
    fallen, standing = rooms_apart(stage, mina, jun)
    master = stage.cluster.master_of(stream_key(shard_of(fallen)))
    during = saying(fallen, "during")
    async with (
        visit(stage.replicas[0], mina, fallen, standing) as m,
        visit(stage.replicas[1], jun, fallen, standing) as j,
    ):
        await say(m, fallen, "before")
        await in_thread(master.kill)
        refused = await m.refused("message.send", **during)
        assert refused["code"] == "bus_unavailable"
        for number in range(5):
            await say(m, standing, f"{number}")
            assert (await j.hears("message", room=standing))["text"] == f"{number}"
        with within(20):
            while "ok" not in (reply := await m.asks("message.send", **during)):
                assert reply["error"]["temporary"], reply
                await trio.sleep(0.1)
        assert reply["ok"]["seq"] == 2
        reset = await j.hears("reset", room=fallen)
        assert reset["reason"] == "epoch"
        assert await j.heard_so_far("reset") == [], "and nobody else is reset"
        page = await j.ok("history.page", room=fallen, limit=10)
        assert [event["text"] for event in page["events"]] == ["before", "during"]


async def test_control_is_heard_again_after_its_master_fell(stage: Stage) -> None:
    (mina,) = stage.world.people(1)
    async with visit(stage.replicas[0], mina) as m:
        await in_thread(_kill_and_mend, stage.cluster, "{control}:feed")
        await in_thread(revoke, stage.world, mina)
        with within(10):
            assert await m.ends() == End(4503, "session_revoked")


async def test_while_a_master_is_dead_the_rooms_of_others_hear_of_their_members_and_its_own_do_later_in_order(
    stage: Stage,
) -> None:
    (mina,) = stage.world.people(1)
    fallen, standing = rooms_apart(stage, mina, away_from=feed.STREAM)
    master = stage.cluster.master_of(stream_key(shard_of(fallen)))
    async with visit(stage.replicas[0], mina, standing) as raw:
        await in_thread(master.kill)
        for number in range(5):
            for room in (fallen, standing):
                publish(stage.world, *comings_and_goings(mina, room, number, number + 1))
            assert (await raw.hears("member", room=standing))["name"] == str(number)
        await in_thread(stage.cluster.start)
        with within(30):
            while "ok" not in (reply := await raw.asks("room.open", room=fallen)):
                assert reply["error"]["temporary"], reply
                await trio.sleep(0.1)
            while len(names := await names_in(raw, fallen)) < 5:  # noqa: ASYNC110 - it is written elsewhere
                await trio.sleep(0.1)
        assert names == ["0", "1", "2", "3", "4"]


async def names_in(raw: Raw, room: str) -> list[str]:
    """The names in the events of members in a room's log."""
    reply = await raw.asks("history.page", room=room, limit=100)
    return [event["name"] for event in reply["ok"]["events"]] if "ok" in reply else []


async def test_who_comes_is_known_to_be_online_after_the_master_of_presence_fell(stage: Stage) -> None:
    mina, jun = stage.world.people(2)
    room = stage.world.room(mina, jun)
    async with visit(stage.replicas[0], mina, room) as m:
        await in_thread(_kill_and_mend, stage.cluster, "{presence}:people")
        with within(20):
            async with visit(stage.replicas[1], jun, room):
                assert (await m.hears("presence", user=jun.id))["state"] == "online"


def _kill_and_mend(cluster: RedisCluster, key: str) -> None:
    """Kill the master of a key, and wait until the cluster is whole, under whichever master."""
    cluster.master_of(key).kill()
    cluster.start()


async def test_what_was_answered_stays_when_a_master_falls_in_mid_traffic_with_its_last_words(
    stage: Stage,
) -> None:
    outcome = await storm(stage, CLUSTER_FAULTS["master-lost-with-its-last-words"], Weather(seed=1))
    assert outcome.violations == []
    assert outcome.answered == 240
