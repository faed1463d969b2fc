"""When people were last seen: written in few statements, only ever forward, and lost to nobody's absence."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import trio
from trio.testing import MockClock

from chatd.presence.last_seen import EVERY, GATHER, MOST, LastSeen
from common.aio import open_loop
from common.clock import ms_of
from common.errors import StoreUnavailable
from common.ids import uuid7
from common.postgres import Postgres, open_postgres
from tests.support.world import World


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000_000

    def __call__(self) -> int:
        return self.now


class Store:
    """Takes what is written, unless it is away."""

    def __init__(self) -> None:
        self.away = False
        self.written: list[dict[str, int]] = []

    async def transaction(self, fn: object, batch: dict[str, int]) -> None:
        await trio.lowlevel.checkpoint()
        if self.away:
            raise StoreUnavailable("postgres", "away")
        self.written.append(dict(batch))


@pytest.fixture
async def db(world: World) -> AsyncIterator[Postgres]:
    async with open_loop(), open_postgres(world.database_url) as postgres:
        yield postgres


async def seen(postgres: Postgres) -> dict[str, int]:
    async def select(connection: asyncpg.Connection) -> list[Any]:
        return await connection.fetch("SELECT user_id::text, at FROM last_seen")

    return {user: ms_of(at) for user, at in await postgres.read(select)}


async def test_a_time_goes_forward_only_and_only_of_people_there_are(world: World, db: Postgres) -> None:
    mina, jun = world.people(2)
    clock = Clock()
    one, other = LastSeen(db, clock=clock), LastSeen(db, clock=clock)
    one.left(mina.id)
    one.left(uuid7())
    first = clock.now
    clock.now += 5000
    other.left(mina.id)
    other.left(jun.id)
    await other.flush()
    await one.flush()
    assert await seen(db) == {mina.id: first + 5000, jun.id: first + 5000}


async def test_replicas_that_write_of_the_same_people_at_once_do_not_wait_in_a_circle(
    world: World, db: Postgres
) -> None:
    people = world.people(60)
    async with trio.open_nursery() as nursery:
        for number in range(6):
            clock = Clock()
            clock.now += number
            replica = LastSeen(db, clock=clock)
            for person in people if number % 2 else reversed(people):
                replica.left(person.id)
            nursery.start_soon(replica.flush)
    assert set((await seen(db)).values()) == {Clock().now + 5}


async def test_many_go_in_few_statements_and_those_who_stay_every_minute(autojump_clock: MockClock) -> None:
    store, clock = Store(), Clock()
    last_seen = LastSeen(store, clock=clock)  # type: ignore[arg-type]
    here = ["staying"]
    async with trio.open_nursery() as nursery:
        nursery.start_soon(last_seen.run, lambda: here)
        for number in range(MOST + 1):
            last_seen.left(f"user-{number}")
        await trio.sleep(GATHER * 1.1)
        assert [len(batch) for batch in store.written] == [MOST, 1]
        store.written.clear()
        await trio.sleep(3 * EVERY)
        assert 2 <= len(store.written) <= 4
        assert all(batch == {"staying": clock.now} for batch in store.written)
        nursery.cancel_scope.cancel()


async def test_while_the_store_is_away_one_time_a_person_waits(autojump_clock: MockClock) -> None:
    store, clock = Store(), Clock()
    store.away = True
    last_seen = LastSeen(store, clock=clock)  # type: ignore[arg-type]
    async with trio.open_nursery() as nursery:
        nursery.start_soon(last_seen.run, list)
        for _ in range(3):
            clock.now += 1000
            last_seen.left("ann")
            await trio.sleep(20)
        store.away = False
        await trio.sleep(20)
        assert store.written == [{"ann": clock.now}]
        nursery.cancel_scope.cancel()
