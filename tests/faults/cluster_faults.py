"""What can break when the bus is a cluster, each as one function that breaks it and brings it back.

Masters are chosen with an eye to the storm: mostly the one that holds its room, else any, which may hold the control
feed or what is known of presence.
"""

from __future__ import annotations

from random import Random

import trio

from common.roomlog.bus import stream_key
from common.roomlog.position import shard_of
from deploy.embedded.redis_cluster import NODE_TIMEOUT_MS, RedisCluster
from deploy.embedded.valkey import Valkey
from tests.faults.faults import ANYWHERE, away, by_name, frozen, in_thread, three_in_a_row
from tests.faults.stage import Stage

_REPLACED_WITHIN_S = 45  # of a busy machine; it is a matter of three seconds


async def master_killed(stage: Stage, chance: Random) -> None:
    """It is started again before or after its replica took its place."""
    await in_thread(_kill, stage, _a_master(stage, chance))
    await trio.sleep(chance.uniform(0, 2 * NODE_TIMEOUT_MS / 1000))
    await in_thread(stage.cluster.start)


async def master_replaced(stage: Stage, chance: Random) -> None:
    """It is dead until another has its place."""
    await _replaced(stage, _room_master(stage))
    await in_thread(stage.cluster.start)


async def masters_replaced_in_turn(stage: Stage, chance: Random) -> None:
    """The room's master falls; and then, once all is whole again, the one that took its place."""
    for _ in range(2):
        await _replaced(stage, _room_master(stage))
        await in_thread(stage.cluster.start)


async def two_masters_killed(stage: Stage, chance: Random) -> None:
    """With two of three gone at once there is no majority to name others: the bus stands still until one is back."""
    masters = chance.sample(await in_thread(stage.cluster.masters), 2)
    for master in masters:
        await in_thread(_kill, stage, master)
    await away(chance)
    await in_thread(stage.cluster.start)


async def replica_killed(stage: Stage, chance: Random) -> None:
    """Nobody notices."""
    replica = chance.choice(await in_thread(stage.cluster.replicas))
    await in_thread(replica.kill)
    await trio.sleep(chance.uniform(0, 2 * NODE_TIMEOUT_MS / 1000))
    await in_thread(stage.cluster.start)


async def master_frozen(stage: Stage, chance: Random) -> None:
    """Long enough to lose its place; then it goes on where it was, and has to learn that it is a master no more."""
    stage.note_break()
    await frozen(_room_master(stage).pid, 3 * NODE_TIMEOUT_MS / 1000)
    await in_thread(stage.cluster.start)


async def master_relieved(stage: Stage, chance: Random) -> None:
    """An operator lets a replica take its master's place, as before an upgrade: in order, so nothing may be lost."""
    await in_thread(stage.cluster.hand_over, stream_key(shard_of(stage.room)))
    await in_thread(stage.cluster.start)


async def master_lost_with_its_last_words(stage: Stage, chance: Random) -> None:
    """Its replica was down when it died, and takes over with what it had heard before: much that was said is nowhere."""
    master = _room_master(stage)
    heir = await in_thread(stage.cluster.replica_of, master)
    await in_thread(heir.kill)
    await trio.sleep(chance.uniform(0.2, 0.8))
    await in_thread(_kill, stage, master)
    await in_thread(heir.start)
    await _until_replaced(stage, master)
    await in_thread(stage.cluster.start)


async def machine_lost(stage: Stage, chance: Random) -> None:
    """It ran a master, and one or both replicas of chatd."""
    dying = chance.sample(stage.replicas, chance.choice((1, 2)))
    await in_thread(_kill, stage, _a_master(stage, chance))
    for replica in dying:
        await in_thread(replica.kill)
    await trio.sleep(chance.uniform(0, 2 * NODE_TIMEOUT_MS / 1000))
    await in_thread(stage.cluster.start)
    for replica in dying:
        replica.launch()
    for replica in dying:
        await in_thread(replica.wait_ready)


async def cluster_killed(stage: Stage, chance: Random) -> None:
    """All six at once; they come back with what their disks had."""
    await in_thread(stage.cluster.kill)
    stage.note_break()
    await away(chance)
    await in_thread(stage.cluster.start)


def _room_master(stage: Stage) -> Valkey:
    return stage.cluster.master_of(stream_key(shard_of(stage.room)))


def _a_master(stage: Stage, chance: Random) -> Valkey:
    return _room_master(stage) if chance.random() < 0.7 else chance.choice(stage.cluster.masters())


def _kill(stage: Stage, master: Valkey) -> None:
    master.kill()
    stage.note_break()


async def _replaced(stage: Stage, master: Valkey) -> None:
    await in_thread(_kill, stage, master)
    await _until_replaced(stage, master)


async def _until_replaced(stage: Stage, master: Valkey) -> None:
    with trio.fail_after(_REPLACED_WITHIN_S):
        while await in_thread(_is_master, stage.cluster, master):  # noqa: ASYNC110 - of other processes
            await trio.sleep(0.1)


def _is_master(cluster: RedisCluster, node: Valkey) -> bool:
    return node in cluster.masters()


CLUSTER_FAULTS = ANYWHERE | by_name(
    master_killed,
    master_replaced,
    masters_replaced_in_turn,
    two_masters_killed,
    replica_killed,
    master_frozen,
    master_relieved,
    master_lost_with_its_last_words,
    machine_lost,
    cluster_killed,
)
LONG_CLUSTER_FAULTS = {"three-in-a-row": three_in_a_row(CLUSTER_FAULTS)}
