"""Real services for tests, as fixtures: what is asked for is started, once a session, on free ports.

    def test_rows(database_url): ...          # a new, empty database; `migrated_url`: with control's tables
    def test_streams(redis_url): ...          # an empty Valkey, or Redis Cluster
    def test_log(mongo_url): ...              # a database of its own name
    def test_files(s3_url): ...               # a new, empty bucket

    def test_valkey_dies(launch):             # one of its own, to kill and wipe
        valkey = launch(Valkey)
        valkey.kill()

The shared ones survive a test that kills them: the next test that asks finds them started again. All data lie in one
folder of the session, which is removed at the end.

`redis_url` is one server, unless `MADANG_TEST_REDIS=cluster` says that everything is to run on a cluster. Tests marked
`each_redis` run on both in any case.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import boto3
import pytest

from deploy.embedded.mongo import Mongo
from deploy.embedded.postgres import Postgres
from deploy.embedded.redis_cluster import RedisCluster
from deploy.embedded.seaweedfs import SeaweedFS
from deploy.embedded.service import Service
from deploy.embedded.valkey import Valkey
from tests.support.redis import open_client
from tests.support.schema import create_migrated

AnyService = TypeVar("AnyService", bound=Service | RedisCluster)

REDIS = {"server": Valkey, "cluster": RedisCluster}
USUAL_REDIS = os.environ.get("MADANG_TEST_REDIS", "server")

# Which fixtures lead to which shared service; they are started together before the first test.
NEEDS: dict[str, type[Service | RedisCluster]] = {
    "postgres": Postgres,
    "valkey": Valkey,
    "redis_cluster": RedisCluster,
    "redis_url": REDIS[USUAL_REDIS],
    "mongo": Mongo,
    "seaweedfs": SeaweedFS,
}

# max_connections: pools of the programs under test come and go faster than the server notices. autovacuum: a plan that is
# tested is of the statistics that its test took, and not of what was gathered behind it because a minute had passed.
OPTIONS: dict[type[Service | RedisCluster], dict[str, Any]] = {
    Postgres: {"durable": False, "extra": ("-c", "max_connections=400", "-c", "autovacuum=off")},
}

_numbers = itertools.count(1)


class Services:
    """The shared services of one test session, each started when first asked for, and again when it has died."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._shared: dict[tuple[type[Service | RedisCluster], int], Service | RedisCluster] = {}
        self._launched: list[Service | RedisCluster] = []

    def started(self, kind: type[AnyService], number: int = 0) -> AnyService:
        """The shared service of a kind, running; or with a `number`, one more."""
        service = self._shared.get((kind, number))
        if service is None:
            service = self._shared[kind, number] = self.new(kind, **OPTIONS.get(kind, {}))
        assert isinstance(service, kind)
        service.start()
        return service

    def new(self, kind: type[AnyService], **options: Any) -> AnyService:
        """A service of its own folder and port, not started."""
        service = kind(self.folder / f"{kind.__name__.lower()}-{next(_numbers)}", **options)
        self._launched.append(service)
        return service

    def emptied_redis(self, kind: str, database: int = 0) -> str:
        """The URL of an empty Redis; of another `database`, one that is not emptied with this one.

        A cluster has one database, so another is another cluster.
        """
        if kind == "cluster":
            cluster = self.started(RedisCluster, database)
            cluster.empty()
            return cluster.url
        url = f"{self.started(Valkey).url.rpartition('/')[0]}/{database}"
        with open_client(url) as client:
            client.flushdb()
        return url

    def end(self, service: Service | RedisCluster) -> None:
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
            list(pool.map(services.started, {kind for name, kind in NEEDS.items() if name in wanted}))
        yield services
    finally:
        services.end_all()
        shutil.rmtree(folder)


@pytest.fixture
def launch(services: Services) -> Iterator[Callable[..., Any]]:
    """Start services for this test alone: `launch(Valkey, extra=(...))` gives one that runs; all end with the test."""
    mine: list[Service | RedisCluster] = []

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
def migrated_url(postgres: Postgres) -> Iterator[str]:
    """The same with control's tables in it."""
    name = f"test_{next(_numbers)}"
    yield create_migrated(postgres, name)
    postgres.drop_database(name)


@pytest.fixture
def redis_cluster(services: Services) -> RedisCluster:
    return services.started(RedisCluster)


@pytest.fixture
def redis_kind() -> str:
    """What `redis_url` names: a `server` or a `cluster`."""
    return USUAL_REDIS


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What is marked `each_redis` runs on a server and on a cluster."""
    if metafunc.definition.get_closest_marker("each_redis") and "redis_kind" in metafunc.fixturenames:
        metafunc.parametrize("redis_kind", REDIS)


@pytest.fixture
def redis_url(services: Services, redis_kind: str) -> str:
    """The shared Redis, emptied."""
    return services.emptied_redis(redis_kind)


@pytest.fixture
def mongo_url(mongo: Mongo) -> str:
    """A database that nobody wrote to yet. It goes with the session's folder.

    Its server runs for as long as it is asked, so that it is slow to answer does not make it one that is away.
    """
    return f"{mongo.database_url(f'test_{next(_numbers)}')}?serverSelectionTimeoutMS=30000"


def new_bucket(seaweedfs: SeaweedFS, name: str) -> str:
    """The URL of a bucket that is made for it. It goes with the session's folder."""
    parts = urlsplit(seaweedfs.url)
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{parts.hostname}:{parts.port}",
        region_name="us-east-1",
        aws_access_key_id=parts.username,
        aws_secret_access_key=parts.password,
    )
    client.create_bucket(Bucket=name)
    client.close()
    return urlunsplit(parts._replace(path=f"/{name}"))


@pytest.fixture
def s3_url(seaweedfs: SeaweedFS) -> str:
    """A new, empty bucket of the shared S3 store."""
    return new_bucket(seaweedfs, f"test-{next(_numbers)}")
