"""One playground for all tests of a file: they try hundreds of requests, and each makes the people it needs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from control.app import TABLES
from control.identity.routes import outbox_operations
from control.operations import Operation
from deploy.embedded.mongo import Mongo
from deploy.embedded.postgres import Postgres
from deploy.embedded.seaweedfs import SeaweedFS
from tests.support.control import settings_of
from tests.support.hosted import hosted
from tests.support.playground import Playground
from tests.support.schema import create_migrated
from tests.support.services import USUAL_REDIS, Services, new_bucket

OPERATIONS: Final[list[Operation]] = [
    operation for group in (*TABLES, outbox_operations) for operation in group.table
]
_REDIS: Final = 9  # a database of its own: others empty theirs between tests


Prepare = Callable[[str], Awaitable[None]]


@contextmanager
def opened_playground(
    services: Services, name: str, *, prepare: Prepare | None = None
) -> Iterator[Playground]:
    """A playground on stores of its own; `prepare` is given its empty database first."""
    postgres = services.started(Postgres)
    if prepare is None:
        database = create_migrated(postgres, name)
    else:
        database = postgres.create_database(name)
        asyncio.run(prepare(database))
    settings = settings_of(
        database_url=database,
        redis_url=services.emptied_redis(USUAL_REDIS, _REDIS),
        mongo_url=services.started(Mongo).database_url(name),
        s3_url=new_bucket(services.started(SeaweedFS), name),
    )
    with hosted(settings) as control:
        yield Playground(control)
    services.started(Postgres).drop_database(name)


@pytest.fixture(scope="module")
def playground(services: Services, request: pytest.FixtureRequest) -> Iterator[Playground]:
    with opened_playground(services, request.module.__name__.rpartition("test_")[2]) as playground:
        yield playground
