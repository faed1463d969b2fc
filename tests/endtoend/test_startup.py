"""Starting without what is needed: it waits, says so, and can be asked to stop meanwhile."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest

from deploy.embedded.ports import free_port
from tests.support.world import PATIENCE, Replica, World


@pytest.mark.parametrize("missing", ["DATABASE_URL", "REDIS_URL", "MONGO_URL"])
def test_a_replica_whose_store_is_away_lives_is_not_ready_and_stops_when_asked(
    shared_world: World, missing: str
) -> None:
    nowhere = shared_world.environment()[missing].partition("//")[0] + f"//127.0.0.1:{free_port()}/nowhere"
    replica = shared_world.replica(**{missing: nowhere})
    replica.launch()
    wait_for(lambda: replica.private("/healthz")[0] == 200)
    assert replica.private("/readyz")[0] == 503
    os.kill(replica.pid, signal.SIGTERM)
    assert replica.wait() == 0
    assert "Traceback" not in replica.log.read_text()


def test_wrong_settings_are_named_all_at_once(shared_world: World) -> None:
    replica = shared_world.replica(CHATD_COMMAND_RATE="fast", REDIS_URL="http://x", CHATD_DRAIN_SECONDS="-1")
    replica.launch()
    assert replica.wait() == 2
    said = replica.log.read_text()
    for variable in ("CHATD_COMMAND_RATE", "REDIS_URL", "CHATD_DRAIN_SECONDS"):
        assert f"chatd: {variable} " in said
    assert "Traceback" not in said


def test_a_port_that_is_taken_is_an_end_with_a_reason(shared_world: World) -> None:
    (first,) = shared_world.replicas(1)
    second = Replica("second", shared_world.environment(), shared_world.folder)
    second.port = first.port
    second.launch()
    assert second.wait() != 0
    assert "already in use" in second.log.read_text()


def wait_for(ready: Callable[[], bool], within_s: float = PATIENCE) -> None:
    deadline = time.monotonic() + within_s
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.05)
