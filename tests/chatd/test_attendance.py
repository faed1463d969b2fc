"""Stays in PostgreSQL end when somebody left, or with the last sign of life of the replica that saw them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from typing import Any

import asyncpg
import pytest
import trio

from chatd.attendance import AttendanceBook
from chatd.core.attendance import Key
from common.aio import open_loop
from common.clock import now_ms
from common.errors import StoreUnavailable
from common.ids import uuid7
from common.postgres import Postgres, open_postgres
from tests.support.world import Person, World

CALM = 15
_AGE = "UPDATE replica_beats SET at = at - interval '1 minute' WHERE boot = $1"
_STAYS = """
    SELECT user_id::text AS user, room_id::text AS room, category, entered_at, left_at, boot::text AS boot
    FROM stays WHERE room_id = $1 ORDER BY entered_at
"""


class Replica:
    """One boot of a replica, the people it sees, and its clock."""

    def __init__(self, db: Any) -> None:
        self.boot = uuid7()
        self.here: list[Key] = []
        self.now = now_ms()
        self.book = AttendanceBook(
            db, self.boot, self._people, every=5, dead_after=30, calm=CALM, clock=lambda: self.now
        )

    def _people(self) -> Iterator[Key]:
        yield from self.here

    async def look(self, *here: Key, after: float = 5) -> None:
        self.here = [*here]
        self.now += int(after * 1000)
        await self.book.look()


class Away:
    """PostgreSQL, that may be away."""

    def __init__(self, db: Postgres) -> None:
        self._db = db
        self.away = False

    async def transaction(self, *args: Any) -> Any:
        if self.away:
            await trio.lowlevel.checkpoint()
            raise StoreUnavailable("postgres", "away")
        return await self._db.transaction(*args)


@pytest.fixture
async def db(world: World) -> AsyncIterator[Postgres]:
    async with open_loop(), open_postgres(world.database_url) as postgres:
        yield postgres


@pytest.fixture
def mina(world: World) -> Person:
    return world.people(1)[0]


@pytest.fixture
def room(world: World, mina: Person) -> str:
    return world.room(mina)


async def rows(db: Postgres, room: str) -> list[Any]:
    async def select(connection: asyncpg.Connection[Any]) -> list[Any]:
        return await connection.fetch(_STAYS, room)

    return await db.read(select)


async def lengths(db: Postgres, room: str) -> list[float | None]:
    """Seconds of each stay; None of one that goes on."""
    return [
        None if row["left_at"] is None else round((row["left_at"] - row["entered_at"]).total_seconds(), 3)
        for row in await rows(db, room)
    ]


async def grow_old(db: Postgres, replica: Replica) -> None:
    """As if its last sign of life were a minute older."""

    async def age(connection: asyncpg.Connection[Any]) -> None:
        await connection.execute(_AGE, replica.boot)

    await db.transaction(age)


async def last_sign(db: Postgres, replica: Replica) -> datetime:
    async def select(connection: asyncpg.Connection[Any]) -> datetime:
        at: datetime = await connection.fetchval("SELECT at FROM replica_beats WHERE boot = $1", replica.boot)
        return at

    return await db.read(select)


async def test_a_stay_is_written_while_it_lasts_and_when_it_ends(
    db: Postgres, mina: Person, room: str
) -> None:
    replica = Replica(db)
    await replica.look((mina.id, room))
    assert await rows(db, room) == []
    await replica.look((mina.id, room))
    (row,) = await rows(db, room)
    assert (row["user"], row["room"], row["left_at"], row["boot"]) == (mina.id, room, None, replica.boot)
    await replica.look((mina.id, room))
    await replica.look(after=CALM)
    assert await lengths(db, room) == [10]


async def test_a_replica_that_stops_ends_its_stays_and_leaves_nothing_to_bury(
    db: Postgres, mina: Person, room: str
) -> None:
    replica, other = Replica(db), Replica(db)
    await replica.look((mina.id, room))
    await replica.look((mina.id, room), after=7)
    await replica.book.close()
    assert await lengths(db, room) == [7]
    await other.look()
    assert await lengths(db, room) == [7]


async def test_stays_of_a_dead_replica_end_with_its_last_sign_of_life(
    db: Postgres, mina: Person, room: str
) -> None:
    dead, other = Replica(db), Replica(db)
    dead.now -= 300_000
    await dead.look((mina.id, room))
    await dead.look((mina.id, room))
    await other.look()
    assert await lengths(db, room) == [None]
    await grow_old(db, dead)
    sign = await last_sign(db, dead)
    await other.look()
    (row,) = await rows(db, room)
    assert row["left_at"] == sign
    assert row["left_at"] > row["entered_at"]


async def test_who_was_only_slow_goes_on_where_it_was(db: Postgres, mina: Person, room: str) -> None:
    slow, other = Replica(db), Replica(db)
    slow.now -= 300_000
    await slow.look((mina.id, room))
    await slow.look((mina.id, room))
    await grow_old(db, slow)
    await other.look()
    assert None not in await lengths(db, room)
    await slow.look((mina.id, room))
    await slow.look((mina.id, room))
    assert await lengths(db, room) == [None]


async def test_two_that_bury_at_once_end_a_stay_once(db: Postgres, mina: Person, room: str) -> None:
    dead = Replica(db)
    await dead.look((mina.id, room))
    await dead.look((mina.id, room))
    await grow_old(db, dead)
    async with trio.open_nursery() as nursery:
        for _ in range(8):
            nursery.start_soon(Replica(db).book.look)
    assert await lengths(db, room) == [0]  # its sign is older than its stay: it ends where it began


async def test_while_the_store_is_away_stays_wait(db: Postgres, mina: Person, room: str) -> None:
    store = Away(db)
    replica = Replica(store)
    store.away = True
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            await replica.look((mina.id, room))
    with pytest.raises(StoreUnavailable):
        await replica.look(after=CALM)
    store.away = False
    await replica.look()
    assert await lengths(db, room) == [5]


async def test_who_is_gone_and_what_is_no_room_is_not_written(db: Postgres, mina: Person, room: str) -> None:
    replica = Replica(db)
    for _ in range(2):
        await replica.look((uuid7(), room), (mina.id, uuid7()), (mina.id, room))
    assert [row["user"] for row in await rows(db, room)] == [mina.id]


async def test_a_crowd_is_written_in_few_statements(db: Postgres, world: World, mina: Person) -> None:
    people = world.people(300)
    rooms = world.rooms(10, mina)
    replica = Replica(db)
    crowd = [(person.id, room) for person in people for room in rooms]
    await replica.look(*crowd)
    await replica.look(*crowd)
    assert sum([len(await rows(db, room)) for room in rooms]) == 3000
