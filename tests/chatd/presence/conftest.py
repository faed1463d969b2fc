"""What the tests of presence may ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import closing

import pytest

from common.redis import Redis, open_redis
from tests.chatd.presence.replicas import SOON, Cluster, open_cluster
from tests.chatd.presence.town import PEOPLE, Town
from tests.support.redis import Direct


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who arrives is counted here, however busy the machine; how long they would wait for it is asked by one test."""
    monkeypatch.setattr("chatd.presence.presence.PATIENCE", SOON)


@pytest.fixture
async def server(redis_url: str) -> AsyncIterator[Redis]:
    """The shared Valkey, emptied."""
    async with open_redis(redis_url) as server:
        yield server


@pytest.fixture
async def town(redis_url: str) -> AsyncIterator[Town]:
    """A register whose clock stands still."""
    with closing(Direct(redis_url, PEOPLE)) as server:
        town = Town(server)
        await town.open()
        yield town


@pytest.fixture
async def cluster(redis_url: str) -> AsyncIterator[Cluster]:
    """Replicas that hear of each other."""
    async with open_cluster(redis_url) as cluster:
        yield cluster
