"""Control over real stores, for every test of this folder.

A database is made once and emptied before each test: to make one takes longer than most tests do.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import trio
from prometheus_client import REGISTRY

from common import aio
from common.postgres import Connection, open_postgres
from control import serving
from control.commons.online import OnlineCount
from control.settings import Settings
from control.turns import Turns
from deploy.embedded.postgres import Postgres
from deploy.embedded.seaweedfs import SeaweedFS
from tests.support.control import Control, running_control, settings_of
from tests.support.schema import create_migrated
from tests.support.services import Services, new_bucket

# Rows go faster than files: TRUNCATE makes every table and index anew, and CASCADE all that refer to it. But of rows that
# were deleted the room is never given back (there is no autovacuum, see tests/support/services.py), and the many that some
# tests make would be read by every test after them. Without triggers, foreign keys do not mind.
EMPTY = """
SET LOCAL session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT relname FROM pg_class
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 256 * 1024
    LOOP EXECUTE format('TRUNCATE %I CASCADE', name); END LOOP;
    FOR name IN SELECT relname FROM pg_class
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'schema_migrations'
                  AND pg_relation_size(oid) > 0
    LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
END $$
"""


@pytest.fixture(scope="session")
def control_database(services: Services) -> Iterator[str]:
    """One database for all tests that need no more than empty tables."""
    yield create_migrated(services.started(Postgres), "control")
    services.started(Postgres).drop_database("control")


@pytest.fixture(scope="session")
def one_bucket(services: Services) -> str:
    """One bucket for all tests that only look at what they put there themselves."""
    return new_bucket(services.started(SeaweedFS), "control")


@pytest.fixture
def bucket(one_bucket: str) -> str:
    """The bucket of the test's control. Where all that is in it matters, a folder has one of its own for each test."""
    return one_bucket


@pytest.fixture
async def control_settings(control_database: str, redis_url: str, mongo_url: str, bucket: str) -> Settings:
    async def empty(connection: Connection) -> None:
        await connection.execute(EMPTY)

    async with aio.open_loop(), open_postgres(control_database) as db:
        await db.transaction(empty)
    return settings_of(database_url=control_database, redis_url=redis_url, mongo_url=mongo_url, s3_url=bucket)


async def _look_once(online: OnlineCount) -> None:
    await online.ask()


@pytest.fixture(autouse=True)
def no_upkeep(monkeypatch: pytest.MonkeyPatch) -> None:
    """What happens now and then happens when a test says so, and not in the middle of one that takes long."""
    monkeypatch.setattr(serving, "_UPKEEP", ())
    monkeypatch.setattr(OnlineCount, "run", _look_once)


@pytest.fixture
def no_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request as if it had come to a process of its own: nobody takes turns, and only the database keeps order."""
    monkeypatch.setattr(Turns, "of", lambda *_: trio.Lock())


def _undeclared() -> set[tuple[str, str]]:
    """Which operations answered, so far, with an error that they do not declare."""
    return {
        (sample.labels["operation"], sample.labels["code"])
        for metric in REGISTRY.restricted_registry(["madang_control_undeclared_errors_total"]).collect()
        for sample in metric.samples
    }


@pytest.fixture
async def control(control_settings: Settings) -> AsyncIterator[Control]:
    """A running control. Whatever it says no with must be what its operations declare."""
    before = _undeclared()
    async with running_control(control_settings) as control:
        yield control
    assert _undeclared() == before


@pytest.fixture
async def strict(control_settings: Settings) -> AsyncIterator[Control]:
    """A control whose limits are those of every day."""
    async with running_control(control_settings, rate_scale=1) as control:
        yield control
