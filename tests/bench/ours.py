"""Madang under test: its stores, its schema, people and rooms written straight into PostgreSQL, and chatd's replicas.

Signing up hundreds of people over HTTP is not what is measured, so this writes the rows that control would write and
signs tokens with a key of its own. Only the limits that hold back one person are lifted: a few senders stand for many.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from common.clock import now_ms
from common.ids import uuid7
from common.permissions import permissions_of
from common.tokens import Claims, SigningKey, sign
from common.units import DAYS
from deploy.embedded.mongo import Mongo
from deploy.embedded.postgres import Postgres
from deploy.embedded.valkey import Valkey
from tests.bench.harness import (
    ROOT,
    Absent,
    Person,
    Plan,
    Program,
    Target,
    free_ports,
    open_programs,
    people_needed,
    rooms_of_sender,
    seat_plan,
)

NOTE: Final = "authorised, limited, recoverable; its answer waits for the log (the MongoDB-wire stand-in)"
LIMITS: Final = {"CHATD_COMMAND_RATE": "1000000", "CHATD_COMMAND_BURST": "1000000"}

QUIET: Final = {"MADANG_PROFILE": "test", "LOG_LEVEL": "WARNING", "CHATD_DRAIN_SECONDS": "0"}

_USERS: Final = """
    INSERT INTO users (id, email, nickname, name, phone, password_hash)
    SELECT id, n || '@bench.test', 'bench' || n, 'Bench', '+8210' || lpad(n::text, 8, '0'), ''
    FROM unnest($1::uuid[]) WITH ORDINALITY AS given(id, n)
"""
_SESSIONS: Final = """
    INSERT INTO sessions (id, user_id, device, address, expires_at)
    SELECT id, user_id, 'bench', '127.0.0.1', now() + interval '1 day'
    FROM unnest($1::uuid[], $2::uuid[]) AS given(id, user_id)
"""
_KEY: Final = """
    INSERT INTO signing_keys (kid, public_jwk, private_sealed, created_at, activated_at) VALUES ($1, $2, '', now(), now())
"""
_ROOMS: Final = """
    INSERT INTO rooms (id, kind, title, capacity, visibility, history, member_count)
    SELECT id, 'group', 'bench', 5000, 'private', 'all', $2 FROM unnest($1::uuid[]) AS given(id)
"""
_MEMBERS: Final = """
    INSERT INTO members (room_id, user_id, role)
    SELECT room_id, user_id, 'member' FROM unnest($1::uuid[], $2::uuid[]) AS given(room_id, user_id)
"""


@dataclass(frozen=True)
class Cast:
    """Who plays: a room's id for each of the plan's, a user and session for each of its people, and the key."""

    rooms: list[str]
    users: list[str]
    sessions: list[str]
    key: SigningKey

    @classmethod
    def of(cls, plan: Plan) -> Cast:
        """A new one."""
        people = range(people_needed(plan))
        return cls(
            rooms=[uuid7() for _ in range(plan.rooms)],
            users=[uuid7() for _ in people],
            sessions=[uuid7() for _ in people],
            key=SigningKey("bench", Ed25519PrivateKey.generate()),
        )

    def memberships(self, plan: Plan) -> list[tuple[str, str]]:
        """Room and user: each listener in their room, each sender in those they speak in, the soloist in the first."""
        listeners, others = plan.rooms * plan.members, iter(self.users[plan.rooms * plan.members :])
        pairs = [(self.rooms[n // plan.members], user) for n, user in enumerate(self.users[:listeners])]
        for n in range(plan.senders):
            user = next(others)
            pairs += [(room, user) for room in rooms_of_sender(plan, n, self.rooms)]
        return [*pairs, (self.rooms[0], next(others))]

    def people(self) -> list[Person]:
        """With tokens for a day."""
        now = now_ms() // 1000
        return [
            Person(
                user,
                sign(
                    Claims(
                        sub=user,
                        sid=session,
                        jti=uuid7(),
                        roles=(),
                        permissions=tuple(permissions_of(["mentee"])),
                        iat=now,
                        exp=now + int(1 * DAYS),
                    ),
                    self.key,
                ),
            )
            for user, session in zip(self.users, self.sessions, strict=True)
        ]


async def seed(database_url: str, plan: Plan, who: Cast) -> None:
    """Write the rows that control would write."""
    pairs = who.memberships(plan)
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            await connection.execute(_USERS, who.users)
            await connection.execute(_SESSIONS, who.sessions, who.users)
            await connection.execute(_KEY, who.key.kid, msgspec.json.encode(who.key.public_jwk).decode())
            await connection.execute(_ROOMS, who.rooms, plan.members)
            await connection.execute(_MEMBERS, [room for room, _ in pairs], [user for _, user in pairs])
        await connection.execute("ANALYZE")
    finally:
        await connection.close()


@contextmanager
def open_madang(plan: Plan, folder: Path, **settings: str) -> Iterator[Target]:
    """`plan.replicas` of chatd over real stores; `settings` are variables of their environment."""
    folder.chmod(0o711)  # PostgreSQL may run under another account
    with (
        Postgres(folder / "postgres") as postgres,
        Valkey(folder / "valkey") as valkey,
        Mongo(folder / "mongo") as mongo,
    ):
        stores = {"DATABASE_URL": postgres.url, "REDIS_URL": valkey.url, "MONGO_URL": mongo.url}
        migrate(stores)
        who = Cast.of(plan)
        asyncio.run(seed(postgres.url, plan, who))
        ports, private_ports = free_ports(plan.replicas), free_ports(plan.replicas)
        programs = [
            Program(
                port,
                [sys.executable, "-m", "chatd"],
                stores | LIMITS | QUIET | own_settings(port, private) | settings,
            )
            for port, private in zip(ports, private_ports, strict=True)
        ]
        with open_programs(programs, folder) as pids:
            listeners, senders, soloist = seat_plan(plan, ports, who.rooms, who.people())
            yield Target(
                "madang",
                listeners,
                senders,
                soloist,
                pids,
                NOTE,
                private_ports=private_ports,
                stores=stores,
            )


def own_settings(port: int, private_port: int) -> dict[str, str]:
    """What differs from replica to replica."""
    return {
        "CHATD_REPLICA": f"bench-{port}",
        "CHATD_PORT": str(port),
        "CHATD_PRIVATE_PORT": str(private_port),
    }


def migrate(stores: dict[str, str]) -> None:
    """Make the tables. Raises `Absent` with control's last word when it cannot."""
    done = subprocess.run(
        [sys.executable, "-m", "control", "migrate"],
        cwd=ROOT,
        env={**os.environ, **stores},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Absent(
            f"control could not migrate: {(done.stderr or done.stdout or '?').strip().splitlines()[-1]}"
        )
