"""Real services for tests, as fixtures: what is asked for is started, once a session, on free ports.

    def test_rows(database_url): ...          # a new, empty database
    def test_streams(redis_url): ...          # an empty Valkey
    def test_log(mongo_url): ...              # a database of its own name
    def test_files(s3_url): ...               # a new, empty bucket

    def test_valkey_dies(launch):             # one of its own, to kill and wipe
        valkey = launch(Valkey)
        valkey.kill()

The shared ones survive a test that kills them: the next test that asks finds them started again. All data lie in one
folder of the session, which is removed at the end.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import boto3
import pytest
import redis

from deploy.embedded.mongo import Mongo
from deploy.embedded.postgres import Postgres
from deploy.embedded.seaweedfs import SeaweedFS
from deploy.embedded.service import Service
from deploy.embedded.valkey import Valkey

AnyService = TypeVar("AnyService", bound=Service)

# Which fixtures lead to which shared service; they are started together before the first test.
NEEDS = {"postgres": Postgres, "valkey": Valkey, "mongo": Mongo, "seaweedfs": SeaweedFS}

# max_connections: pools of the programs under test come and go faster than the server notices.
OPTIONS: dict[type[Service], dict[str, Any]] = {
    Postgres: {"durable": False, "extra": ("-c", "max_connections=400")},
}

_numbers = itertools.count(1)


class Services:
    """The shared services of one test session, each started when first asked for, and again when it has died."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._shared: dict[type[Service], Service] = {}
        self._launched: list[Service] = []

    def started(self, kind: type[AnyService]) -> AnyService:
        """The shared service of a kind, running."""
        service = self._shared.get(kind)
        if service is None:
            service = self._shared[kind] = self.new(kind, **OPTIONS.get(kind, {}))
        assert isinstance(service, kind)
        service.start()
        return service

    def new(self, kind: type[AnyService], **options: Any) -> AnyService:
        """A service of its own folder and port, not started."""
        service = kind(self.folder / f"{kind.__name__.lower()}-{next(_numbers)}", **options)
        self._launched.append(service)
        return service

    def end(self, service: Service) -> None:
        """Kill a service and remove its folder: nobody wants its data any more."""
        self._launched.remove(service)
        service.kill()
        service.wipe()

    def end_all(self) -> None:
        for service in list(self._launched):
            self.end(service)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note what the chosen tests will ask for, so that it can be started at once."""
    session.config.stash[_WANTED] = {
        name for item in session.items for name in getattr(item, "fixturenames", ())
    }


_WANTED: pytest.StashKey[set[str]] = pytest.StashKey()


@pytest.fixture(scope="session")
def services(request: pytest.FixtureRequest) -> Iterator[Services]:
    """The shared services. Those that the chosen tests ask for by fixture are started together, side by side."""
    folder = Path(tempfile.mkdtemp(prefix="madang-test-"))
    folder.chmod(0o711)  # PostgreSQL may run under another account (deploy.embedded.account)
    services = Services(folder)
    wanted = request.config.stash.get(_WANTED, set())
    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(services.started, [kind for name, kind in NEEDS.items() if name in wanted]))
        yield services
    finally:
        services.end_all()
        shutil.rmtree(folder)


@pytest.fixture
def launch(services: Services) -> Iterator[Callable[..., Any]]:
    """Start services for this test alone: `launch(Valkey, extra=(...))` gives one that runs; all end with the test."""
    mine: list[Service] = []

    def launch(kind: type[AnyService], **options: Any) -> AnyService:
        service = services.new(kind, **options)
        mine.append(service)
        service.start()
        return service

    yield launch
    for service in mine:
        services.end(service)


@pytest.fixture
def postgres(services: Services) -> Postgres:
    return services.started(Postgres)


@pytest.fixture
def valkey(services: Services) -> Valkey:
    return services.started(Valkey)


@pytest.fixture
def mongo(services: Services) -> Mongo:
    return services.started(Mongo)


@pytest.fixture
def seaweedfs(services: Services) -> SeaweedFS:
    return services.started(SeaweedFS)


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """A new, empty database of the shared PostgreSQL, dropped afterwards."""
    name = f"test_{next(_numbers)}"
    yield postgres.create_database(name)
    postgres.drop_database(name)


@pytest.fixture
def redis_url(valkey: Valkey) -> str:
    """The shared Valkey, emptied."""
    with redis.Redis.from_url(valkey.url) as client:
        client.flushall()
    return valkey.url


@pytest.fixture
def mongo_url(mongo: Mongo) -> str:
    """A database that nobody wrote to yet. It goes with the session's folder."""
    return mongo.database_url(f"test_{next(_numbers)}")


@pytest.fixture
def s3_url(seaweedfs: SeaweedFS) -> str:
    """A new, empty bucket of the shared S3 store. It goes with the session's folder."""
    parts = urlsplit(seaweedfs.url)
    bucket = f"test-{next(_numbers)}"
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{parts.hostname}:{parts.port}",
        region_name="us-east-1",
        aws_access_key_id=parts.username,
        aws_secret_access_key=parts.password,
    )
    client.create_bucket(Bucket=bucket)
    client.close()
    return urlunsplit(parts._replace(path=f"/{bucket}"))
