"""A small world on real stores: people with tokens, rooms with members, and chatd replicas as processes.

    def test_talk(world):
        mina, jun = world.people(2)
        room = world.room(mina, jun)
        a, b = world.replicas(2)
        ... connect to a.url with mina.token()

People and rooms are written to PostgreSQL as control would leave them; control itself is tested elsewhere.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import time
import urllib.request
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import msgspec
import pytest
import trio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chatd.client import open_client
from common.clock import now_ms
from common.ids import uuid7
from common.permissions import permissions_of
from common.postgres import AWAY
from common.tokens import ACCESS_LIFE, Claims, SigningKey, sign
from deploy.embedded.mongo import Mongo
from deploy.embedded.ports import free_port
from deploy.embedded.postgres import Postgres
from deploy.embedded.process import Child
from tests.support import forks
from tests.support.schema import create_migrated
from tests.support.services import REDIS, USUAL_REDIS, Services

T = TypeVar("T")
PATIENCE = 60  # seconds; a program takes that long to start or to end only if it is broken
_numbers = itertools.count(1)
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Person:
    """Somebody who signed up and logged in once."""

    id: str
    session: str
    nickname: str
    key: SigningKey

    def token(
        self, life_s: float = ACCESS_LIFE, *, session: str | None = None, for_socket: bool = False
    ) -> str:
        """An access token that ends in `life_s` seconds (ended already, when that is negative)."""
        now = now_ms() // 1000
        return sign(
            Claims(
                sub=self.id,
                sid=session or self.session,
                jti=uuid7(),
                roles=("mentee",),
                permissions=tuple(permissions_of(("mentee",))),
                iat=min(now, now + int(life_s)) - 1,
                exp=now + int(life_s),
                aud="socket" if for_socket else msgspec.UNSET,
            ),
            self.key,
        )

    async def source(self) -> str:
        """The person as the client's source of tokens."""
        await trio.lowlevel.checkpoint()
        return self.token()


class Replica:
    """A chatd process."""

    def __init__(self, name: str, environment: dict[str, str], folder: Path) -> None:
        self.name = name
        self.port = free_port()
        self.private_port = free_port()
        self.log = folder / f"{name}.log"
        self._environment = environment
        self._child: Child | None = None

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/socket"

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.running

    def launch(self) -> None:
        """Start it, and do not wait."""
        self._child = forks.start(
            self.name,
            "chatd",
            env={
                **os.environ,
                **self._environment,
                "MADANG_PROFILE": "test",
                "CHATD_REPLICA": self.name,
                "CHATD_PORT": str(self.port),
                "CHATD_PRIVATE_PORT": str(self.private_port),
            },
            log=self.log,
        )

    def start(self) -> Replica:
        self.launch()
        self.wait_ready()
        return self

    def wait_ready(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            assert self._child is not None
            if self._child.poll() is not None:
                raise AssertionError(f"{self.name} ended:\n{self.log.read_text()[-4000:]}")
            if self.private("/readyz")[0] == 200 and _accepts(self.port):
                return
            time.sleep(0.02)
        raise AssertionError(f"{self.name} is not ready:\n{self.log.read_text()[-4000:]}")

    def private(self, path: str) -> tuple[int, str]:
        """The status and body of a page of the private port; status 0 when nobody answers."""
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{self.private_port}{path}", timeout=PATIENCE
            ) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.read().decode()
        except OSError:
            return 0, ""

    def metric(self, name: str) -> float:
        """The sum of a metric's series."""
        status, page = self.private("/metrics")
        assert status == 200, f"{self.name} does not answer"
        return sum(
            float(line.rsplit(" ", 1)[1])
            for line in page.splitlines()
            if line.split("{")[0].split(" ")[0] == name
        )

    def resident_bytes(self) -> int:
        """The memory it holds."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024

    def worked_s(self) -> float:
        """The time that processors have worked for it so far, in the kernel, too."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        in_program, in_kernel = map(int, fields[11:13])
        return (in_program + in_kernel) / os.sysconf("SC_CLK_TCK")

    def logged(self, event: str) -> list[dict[str, Any]]:
        """The lines of its log that say `event`."""
        lines = [msgspec.json.decode(line) for line in self.log.read_bytes().splitlines() if line[:1] == b"{"]
        return [line for line in lines if line.get("event") == event]

    def kill(self) -> None:
        """kill -9, and wait for the end."""
        os.kill(self.pid, signal.SIGKILL)
        self.wait()

    def terminate(self) -> int:
        """SIGTERM, and its exit status."""
        os.kill(self.pid, signal.SIGTERM)
        return self.wait()

    def wait(self) -> int:
        """Its exit status, once it has ended."""
        assert self._child is not None
        return self._child.wait(PATIENCE)

    def stop(self) -> None:
        if self._child is not None and self._child.poll() is None:
            self.kill()


class Desk:
    """A connection to a database that is kept, in a thread of its own: where no Trio runs, as it does around a test."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url
        self._thread = ThreadPoolExecutor(1)
        self._runner = asyncio.Runner()
        self._connection: Any = None

    def run(self, fn: Callable[..., Awaitable[T]], *args: Any) -> T:
        """`fn(connection, *args)`."""

        async def ask() -> T:
            if self._connection is not None:
                with suppress(*AWAY):
                    return await fn(self._connection, *args)
            # The first time, and after the server's death.
            self._connection = await asyncpg.connect(self._url)
            return await fn(self._connection, *args)

        return self._thread.submit(self._runner.run, ask()).result()

    def close(self) -> None:
        """Hang up, for good."""

        async def hang_up() -> None:
            if self._connection is not None:
                self._connection.terminate()

        self._thread.submit(self._runner.run, hang_up()).result()
        self._thread.submit(self._runner.close).result()
        self._thread.shutdown()


class World:
    """Stores, people, rooms and replicas."""

    def __init__(self, *, database_url: str, redis_url: str, mongo_url: str, folder: Path) -> None:
        self.database_url = database_url
        self.redis_url = redis_url
        self.mongo_url = mongo_url
        self.folder = folder
        self.key = SigningKey(uuid7(), Ed25519PrivateKey.generate())
        self._replicas: list[Replica] = []
        self._desk = Desk(database_url)
        self.sql(_prepare, self.key)

    def sql(self, fn: Callable[..., Awaitable[T]], *args: Any) -> T:
        """`fn(connection, *args)` against the database."""
        return self._desk.run(fn, *args)

    def people(self, count: int) -> list[Person]:
        people = [Person(uuid7(), uuid7(), f"person{next(_numbers)}", self.key) for _ in range(count)]
        self.sql(_insert_people, people)
        return people

    def room(self, *members: Person, history: str = "all") -> str:
        """A group room; the first member owns it."""
        room = uuid7()
        self.sql(_insert_room, room, [member.id for member in members], history)
        return room

    def rooms(self, count: int, *members: Person) -> list[str]:
        """That many group rooms of the same members, at once."""
        rooms = [uuid7() for _ in range(count)]
        self.sql(_insert_rooms, rooms, [member.id for member in members])
        return rooms

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "MONGO_URL": self.mongo_url,
            "MADANG_ORIGINS": "http://madang.example",
            "LOG_FORMAT": "json",
            **more,
        }

    def replica(self, **environment: str) -> Replica:
        """One more replica, not started."""
        replica = Replica(f"chatd.{next(_numbers)}", self.environment(**environment), self.folder)
        self._replicas.append(replica)
        return replica

    def replicas(self, count: int, **environment: str) -> list[Replica]:
        """That many replicas, ready."""
        replicas = [self.replica(**environment) for _ in range(count)]
        for replica in replicas:
            replica.launch()
        for replica in replicas:
            replica.wait_ready()
        return replicas

    def stop(self) -> None:
        for replica in self._replicas:
            replica.stop()
        self._desk.close()


def client_of(person: Person, *replicas: Replica, **options: Any) -> Any:
    """`open_client` for a person: `async with client_of(mina, a, b) as client`."""
    return open_client([replica.url for replica in replicas], person.source, **options)


def _accepts(port: int) -> bool:
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def _prepare(connection: asyncpg.Connection, key: SigningKey) -> None:
    await connection.execute(
        "INSERT INTO signing_keys (kid, public_jwk, private_sealed, created_at, activated_at)"
        " VALUES ($1, $2, '', now(), now())",
        key.kid,
        msgspec.json.encode(key.public_jwk).decode(),
    )


async def _insert_people(connection: asyncpg.Connection, people: Sequence[Person]) -> None:
    await connection.executemany(
        "INSERT INTO users (id, email, nickname, name, phone, password_hash) VALUES ($1, $2, $3, $3, $4, '')",
        [
            (person.id, f"{person.nickname}@example.com", person.nickname, f"+8210{next(_numbers):08d}")
            for person in people
        ],
    )
    await connection.executemany(
        "INSERT INTO user_roles (user_id, role) VALUES ($1, 'mentee')", [(person.id,) for person in people]
    )
    await connection.executemany(
        "INSERT INTO sessions (id, user_id, device, address, expires_at)"
        " VALUES ($1, $2, '', '127.0.0.1', now() + interval '14 days')",
        [(person.session, person.id) for person in people],
    )


async def _insert_room(
    connection: asyncpg.Connection, room: str, members: Sequence[str], history: str
) -> None:
    await connection.execute(
        "INSERT INTO rooms (id, kind, title, capacity, visibility, history, member_count)"
        " VALUES ($1, 'group', 'a room', 5000, 'public', $2, $3)",
        room,
        history,
        len(members),
    )
    await connection.executemany(
        "INSERT INTO members (room_id, user_id, role) VALUES ($1, $2, $3)",
        [(room, member, "member" if index else "owner") for index, member in enumerate(members)],
    )


async def _insert_rooms(connection: asyncpg.Connection, rooms: Sequence[str], members: Sequence[str]) -> None:
    async with connection.transaction():
        for room in rooms:
            await _insert_room(connection, room, members, "all")


@contextmanager
def open_world(
    services: Services, folder: Path, *, redis_database: int = 0, redis_kind: str = USUAL_REDIS
) -> Iterator[World]:
    """A world that outlives a test, for fixtures of a wider scope. Each test makes people and rooms of its own.

    Nothing beside it may empty Redis (as the fixtures `redis_url` and `world` do) but in another of its databases.
    """
    with ThreadPoolExecutor() as pool:
        list(pool.map(services.started, (Postgres, REDIS[redis_kind], Mongo)))
    name = f"world_{next(_numbers)}"
    postgres, mongo = services.started(Postgres), services.started(Mongo)
    world = World(
        database_url=create_migrated(postgres, name),
        redis_url=services.emptied_redis(redis_kind, redis_database),
        mongo_url=mongo.database_url(name),
        folder=folder,
    )
    try:
        yield world
    finally:
        world.stop()
        postgres.drop_database(name)


@pytest.fixture
def world(migrated_url: str, redis_url: str, mongo_url: str, tmp_path: Path) -> Iterator[World]:
    """A world of its own for one test."""
    world = World(database_url=migrated_url, redis_url=redis_url, mongo_url=mongo_url, folder=tmp_path)
    yield world
    world.stop()


async def hand_over_to_control(connection: asyncpg.Connection) -> None:
    """For `World.sql`, where control is to run too: no key but the one that control will make."""
    await connection.execute("DELETE FROM signing_keys")
