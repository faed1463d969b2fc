"""The seam to MongoDB: what is temporary becomes `StoreUnavailable`, what is a bug stays one, numbers are numbers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pymongo.errors
import pytest
import trio

from common.errors import StoreUnavailable
from common.mongo import Mongo, open_mongo
from deploy.embedded.mongo import Mongo as MongoServer
from deploy.embedded.ports import free_port
from tests.support.rawsocket import PATIENCE


@pytest.fixture
async def mongo(mongo_url: str) -> AsyncIterator[Mongo]:
    async with open_mongo(mongo_url) as mongo:
        yield mongo


def raising(fault: Exception) -> Any:
    def fn() -> None:
        raise fault

    return fn


async def test_a_round_trip(mongo: Mongo) -> None:
    await mongo.ready()


async def test_numbers_are_plain_however_large(mongo: Mongo) -> None:
    small, large = 1, 1_800_000_000_000
    numbers = mongo.database.numbers
    await mongo.run(numbers.insert_one, {"_id": "n", "small": small, "nested": [{"large": large}]})
    document = await mongo.run(numbers.find_one, {"_id": "n"})
    assert document is not None
    assert [type(document["small"]), type(document["nested"][0]["large"])] == [int, int]


@pytest.mark.parametrize(
    "fault",
    [
        pymongo.errors.ServerSelectionTimeoutError("nobody there"),
        pymongo.errors.AutoReconnect("gone"),
        pymongo.errors.NotPrimaryError("stepped down"),
        pymongo.errors.NetworkTimeout("no answer"),
        pymongo.errors.WTimeoutError("not yet on a majority"),
        pymongo.errors.ExecutionTimeout("too slow"),
        pymongo.errors.OperationFailure("try again", details={"errorLabels": ["RetryableWriteError"]}),
        pymongo.errors.BulkWriteError({"writeErrors": [{"code": 14031, "errmsg": "the disk is full"}]}),
        pymongo.errors.BulkWriteError({"writeErrors": [], "writeConcernErrors": [{"code": 91}]}),
    ],
    ids=lambda fault: type(fault).__name__,
)
async def test_what_may_pass_is_a_store_that_is_away(mongo: Mongo, fault: Exception) -> None:
    with pytest.raises(StoreUnavailable) as raised:
        await mongo.run(raising(fault))
    assert raised.value.store == "mongo"


async def test_what_will_not_pass_stays_the_bug_it_is(mongo: Mongo) -> None:
    with pytest.raises(pymongo.errors.OperationFailure):
        await mongo.run(mongo.database.command, "no such command")


async def test_a_url_may_name_other_timeouts() -> None:
    async with open_mongo(
        "mongodb://127.0.0.1:1,127.0.0.1:2/far?w=1&serverselectiontimeoutms=30000"
    ) as mongo:
        options = mongo.database.client.options
        assert (options.server_selection_timeout, options.pool_options.connect_timeout) == (30, 2)


async def test_a_server_that_is_not_there_is_said_to_be_away_soon() -> None:
    async with open_mongo(f"mongodb://127.0.0.1:{free_port()}/nowhere") as mongo:
        with trio.fail_after(PATIENCE - 1), pytest.raises(StoreUnavailable):
            await mongo.ready()


async def test_a_server_that_comes_back_is_used_again(launch: Any) -> None:
    server: MongoServer = launch(MongoServer)
    async with open_mongo(server.database_url("back")) as mongo:
        await mongo.run(mongo.database.things.insert_one, {"_id": 1})
        await trio.to_thread.run_sync(server.kill)
        with pytest.raises(StoreUnavailable):
            await mongo.run(mongo.database.things.insert_one, {"_id": 2})
        await trio.to_thread.run_sync(server.start)
        assert await mongo.run(mongo.database.things.count_documents, {"_id": 1}) == 1
