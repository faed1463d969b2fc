"""A bus and a log on real stores, and the journal that joins them.

The stores are the tests' own; `REDIS_URL` and `MONGO_URL` name others to hold to the same promises. What is written
there lies in rooms of new names, but the bus is emptied: never point these at a store that anybody needs.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest

from common.mongo import open_mongo
from common.redis import Redis, open_redis
from common.roomlog.bus import Bus, greet
from common.roomlog.journal import Journal
from common.roomlog.log import Log


@pytest.fixture
def bus_url(request: pytest.FixtureRequest, redis_kind: str) -> str:
    """Where the bus's store is: of each kind in turn, when that is asked for."""
    url: str = os.environ.get("REDIS_URL") or request.getfixturevalue("redis_url")
    return url


@pytest.fixture
async def redis(bus_url: str) -> AsyncIterator[Redis]:
    """The bus's store, emptied."""
    async with open_redis(bus_url) as plain:
        await plain.call("FLUSHALL")
    async with open_redis(bus_url, greet=greet) as redis:
        yield redis


@pytest.fixture
def bus(redis: Redis) -> Bus:
    return Bus(redis)


@pytest.fixture
async def log(request: pytest.FixtureRequest) -> AsyncIterator[Log]:
    """The log, prepared."""
    url = os.environ.get("MONGO_URL") or request.getfixturevalue("mongo_url")
    async with open_mongo(url) as mongo:
        log = Log(mongo)
        await log.prepare()
        yield log


@pytest.fixture
def journal(bus: Bus, log: Log) -> Journal:
    return Journal(bus, log)
