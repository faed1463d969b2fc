"""Where storms happen: stores of their own that may be killed, and on them two replicas of chatd and a control.

A stage serves many storms, one after the other, each in a room of its own; `mend` brings back what a fault left dead. Its
bus is a single server or a cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from common.clock import now_ms
from deploy.embedded.mongo import Mongo
from deploy.embedded.postgres import Postgres
from deploy.embedded.redis_cluster import RedisCluster
from deploy.embedded.service import Service
from deploy.embedded.valkey import Valkey
from tests.faults.control import Control
from tests.support.schema import create_migrated
from tests.support.services import OPTIONS, REDIS, Services
from tests.support.world import Replica, World

LEASE_S = 2  # of presence: a frozen replica is taken for dead soon
ENVIRONMENT = {
    "CHATD_COMMAND_RATE": "100000",
    "CHATD_COMMAND_BURST": "100000",
    "CHATD_LEASE_SECONDS": str(LEASE_S),
    "CHATD_DRAIN_SECONDS": "1",
}


class Stage:
    """The stores, the world on them, and its programs."""

    def __init__(self, services: Services, folder: Path, redis_kind: str = "server") -> None:
        self.redis: Service | RedisCluster = services.new(REDIS[redis_kind])
        self.mongo = services.new(Mongo)
        self.postgres = services.new(Postgres, **OPTIONS[Postgres])
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda store: store.start(), self.stores))
        self.world = World(
            database_url=create_migrated(self.postgres, "stage"),
            redis_url=self.redis.url,
            mongo_url=self.mongo.url,
            folder=folder,
        )
        self.control = Control(self.world)
        self.control.start()
        self.replicas: list[Replica] = self.world.replicas(2, **ENVIRONMENT)
        self.breaks: list[int] = []
        self.room = ""  # of the storm that rages

    @property
    def stores(self) -> tuple[Service | RedisCluster, ...]:
        return self.redis, self.mongo, self.postgres

    @property
    def valkey(self) -> Valkey:
        """The bus, where it is a single server."""
        assert isinstance(self.redis, Valkey)
        return self.redis

    @property
    def cluster(self) -> RedisCluster:
        """The bus, where it is a cluster."""
        assert isinstance(self.redis, RedisCluster)
        return self.redis

    def kill_valkey(self) -> None:
        """kill -9; from here on what was only there may be lost."""
        self.valkey.kill()
        self.note_break()

    def note_break(self) -> None:
        """What only the bus knew until now may be lost."""
        self.breaks.append(now_ms())

    def mend(self) -> None:
        """Everything runs."""
        for store in self.stores:
            store.start()
        self.control.start()
        for replica in self.replicas:
            if not replica.running:
                replica.launch()
        for replica in self.replicas:
            replica.wait_ready()

    def end(self) -> None:
        """Nothing of ours runs, but for the stores."""
        self.control.kill()
        self.world.stop()


@contextmanager
def open_stage(services: Services, folder: Path, redis_kind: str = "server") -> Iterator[Stage]:
    """A stage; its programs are gone at the end. Its stores go with `services`."""
    stage = Stage(services, folder, redis_kind)
    try:
        yield stage
    finally:
        stage.end()
