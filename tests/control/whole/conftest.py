"""One playground for all tests of a file: they try hundreds of requests, and each makes the people it needs."""

from __future__ import annotations

from collections.abc import Iterator
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
from tests.support.services import USUAL_REDIS, Services, new_bucket

OPERATIONS: Final[list[Operation]] = [
    operation for group in (*TABLES, outbox_operations) for operation in group.table
]
_REDIS: Final = 9  # a database of its own: others empty theirs between tests


@pytest.fixture(scope="module")
def playground(services: Services, request: pytest.FixtureRequest) -> Iterator[Playground]:
    postgres = services.started(Postgres)
    name = request.module.__name__.rpartition(".")[2]
    settings = settings_of(
        database_url=postgres.create_database(name),
        redis_url=services.emptied_redis(USUAL_REDIS, _REDIS),
        mongo_url=services.started(Mongo).database_url(name),
        s3_url=new_bucket(services.started(SeaweedFS), name.replace("_", "-")),
    )
    with hosted(settings) as control:
        yield Playground(control)
    services.started(Postgres).drop_database(name)
