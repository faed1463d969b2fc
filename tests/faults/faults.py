"""What can break beside a single Redis server, each as one function that breaks it and brings it back.

What can break in a cluster is in `cluster_faults`.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Mapping
from random import Random

import trio

from deploy.embedded.service import Service
from tests.faults.stage import LEASE_S, Stage
from tests.faults.storm import Fault
from tests.support.world import Replica

in_thread = trio.to_thread.run_sync


async def away(chance: Random) -> None:
    """As long as a supervisor may take to start something again."""
    await trio.sleep(chance.uniform(0, 0.5))


async def _bring_back(replica: Replica) -> None:
    await in_thread(replica.start)


# --- chatd ------------------------------------------------------------------------------------------------------------


async def chatd_killed(stage: Stage, chance: Random) -> None:
    replica = chance.choice(stage.replicas)
    await in_thread(replica.kill)
    await away(chance)
    await _bring_back(replica)


async def chatd_killed_in_turn(stage: Stage, chance: Random) -> None:
    for replica in chance.sample(stage.replicas, 2):
        await in_thread(replica.kill)
        await away(chance)
        await _bring_back(replica)


async def chatd_killed_both(stage: Stage, chance: Random) -> None:
    for replica in stage.replicas:
        await in_thread(replica.kill)
    await away(chance)
    for replica in stage.replicas:
        replica.launch()
    for replica in stage.replicas:
        await in_thread(replica.wait_ready)


async def chatd_drained(stage: Stage, chance: Random) -> None:
    replica = chance.choice(stage.replicas)
    status = await in_thread(replica.terminate)
    assert status == 0, f"a drained replica ended with {status}"
    await _bring_back(replica)


async def chatd_frozen(stage: Stage, chance: Random) -> None:
    await frozen(chance.choice(stage.replicas).pid, LEASE_S + 1)


# --- control ---------------------------------------------------------------------------------------------------------


async def control_killed(stage: Stage, chance: Random) -> None:
    await in_thread(stage.control.kill)
    await away(chance)
    await in_thread(stage.control.start)


# --- the stores -------------------------------------------------------------------------------------------------------


async def valkey_killed(stage: Stage, chance: Random) -> None:
    await in_thread(stage.kill_valkey)
    await away(chance)
    await in_thread(stage.valkey.start)


async def valkey_emptied(stage: Stage, chance: Random) -> None:
    await in_thread(stage.kill_valkey)
    stage.valkey.wipe()
    await away(chance)
    await in_thread(stage.valkey.start)


async def valkey_older(stage: Stage, chance: Random) -> None:
    """Restored from a copy that was taken a little earlier, as from a backup or a replica that lagged."""
    copy = stage.valkey.folder / "copy"
    shutil.copytree(stage.valkey.data, copy)
    await trio.sleep(chance.uniform(0.1, 0.5))
    await in_thread(stage.kill_valkey)
    stage.valkey.wipe()
    copy.rename(stage.valkey.data)
    await in_thread(stage.valkey.start)


async def valkey_frozen(stage: Stage, chance: Random) -> None:
    await frozen(stage.valkey.pid, 3)


async def mongo_killed(stage: Stage, chance: Random) -> None:
    await _killed(stage.mongo, chance.uniform(0, 0.5))


async def mongo_away(stage: Stage, chance: Random) -> None:
    await _killed(stage.mongo, 3)


async def mongo_frozen(stage: Stage, chance: Random) -> None:
    await frozen(stage.mongo.pid, 3)


async def postgres_killed(stage: Stage, chance: Random) -> None:
    await _killed(stage.postgres, chance.uniform(0, 0.5))


async def power_cut(stage: Stage, chance: Random) -> None:
    """A machine dies that held Valkey and one or both replicas, while the log was slow: much of what was seen is nowhere.

    Valkey comes back as its disk had it a moment before, or with a new disk.
    """
    dying = chance.sample(stage.replicas, chance.choice((1, 2)))
    copy = stage.valkey.folder / "copy"
    os.kill(stage.mongo.pid, signal.SIGSTOP)
    try:
        shutil.copytree(stage.valkey.data, copy)
        await trio.sleep(chance.uniform(0.1, 0.4))
        for replica in dying:
            os.kill(replica.pid, signal.SIGSTOP)
        await in_thread(stage.kill_valkey)
        for replica in dying:
            await in_thread(replica.kill)
    finally:
        os.kill(stage.mongo.pid, signal.SIGCONT)
    stage.valkey.wipe()
    if chance.random() < 0.7:
        copy.rename(stage.valkey.data)
    else:
        shutil.rmtree(copy)
    await away(chance)
    await in_thread(stage.valkey.start)
    for replica in dying:
        replica.launch()
    for replica in dying:
        await in_thread(replica.wait_ready)


async def _killed(store: Service, away_s: float) -> None:
    await in_thread(store.kill)
    await trio.sleep(away_s)
    await in_thread(store.start)


async def frozen(pid: int, seconds: float) -> None:
    os.kill(pid, signal.SIGSTOP)
    try:
        await trio.sleep(seconds)
    finally:
        os.kill(pid, signal.SIGCONT)


# --- what takes its time ----------------------------------------------------------------------------------------------


async def valkey_hung(stage: Stage, chance: Random) -> None:
    """For longer than anybody waits for it: calls end without an outcome, and were carried out all the same."""
    await frozen(stage.valkey.pid, 14)


async def mongo_hung(stage: Stage, chance: Random) -> None:
    await frozen(stage.mongo.pid, 14)


def three_in_a_row(faults: Mapping[str, Fault]) -> Fault:
    """Three of `faults`, as chance will have it."""

    async def three(stage: Stage, chance: Random) -> None:
        for name in chance.choices(list(faults), k=3):
            await faults[name](stage, chance)
            await trio.sleep(chance.uniform(0, 1))

    return three


def by_name(*faults: Fault) -> dict[str, Fault]:
    """Faults under their names, as a command line has them."""
    return {fault.__name__.replace("_", "-"): fault for fault in faults}


ANYWHERE = by_name(
    chatd_killed,
    chatd_killed_in_turn,
    chatd_killed_both,
    chatd_drained,
    chatd_frozen,
    control_killed,
    mongo_killed,
    mongo_away,
    mongo_frozen,
    postgres_killed,
)
FAULTS = ANYWHERE | by_name(valkey_killed, valkey_emptied, valkey_older, valkey_frozen, power_cut)
LONG_FAULTS = by_name(valkey_hung, mongo_hung) | {"three-in-a-row": three_in_a_row(FAULTS)}
