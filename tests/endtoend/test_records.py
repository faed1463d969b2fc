"""Entering and leaving rooms is on record, whatever happens to the replicas that saw it."""

from __future__ import annotations

import os
import signal
from typing import Any

import asyncpg
import trio

from common.aio import open_loop
from common.postgres import Postgres, open_postgres
from tests.support.visit import visit
from tests.support.world import World

LEASE = 1.5
_STAYS = "SELECT boot::text AS boot, category, entered_at, left_at FROM stays WHERE user_id = $1 ORDER BY entered_at"


async def _looks(connection: asyncpg.Connection[Any], user: str) -> int:
    looks: int = await connection.fetchval("SELECT count(*) FROM badge_looks WHERE user_id = $1", user)
    return looks


async def until(db: Postgres, user: str, *, here: bool) -> list[Any]:
    """The stays of a person, once one of them goes on, or none does. A replica that was held up may tell one in pieces."""

    async def select(connection: asyncpg.Connection[Any]) -> list[Any]:
        return await connection.fetch(_STAYS, user)

    with trio.fail_after(60):
        while True:
            rows = await db.read(select)
            if any(row["left_at"] is None for row in rows) is here:
                return rows
            await trio.sleep(0.1)


async def test_a_stay_lasts_as_long_as_somebody_was_seen_there(world: World) -> None:
    mina, jun = world.people(2)
    room = world.room(mina, jun)
    settings = {"CHATD_LEASE_SECONDS": str(LEASE), "CHATD_CALM_SECONDS": "6", "CHATD_DRAIN_SECONDS": "0"}
    left, killed, drained = world.replicas(3, **settings)
    async with open_loop(), open_postgres(world.database_url) as db:
        async with visit(left, mina, room), visit(left, mina, room), visit(left, jun):
            await until(db, mina.id, here=True)
        first = await until(db, mina.id, here=False)
        assert await until(db, jun.id, here=False) == []  # online, and in no room

        async with visit(killed, mina, room):
            await until(db, mina.id, here=True)
            await trio.to_thread.run_sync(killed.kill)
            second = await until(db, mina.id, here=False)

        async with visit(drained, mina, room) as m:
            await until(db, mina.id, here=True)
            os.kill(drained.pid, signal.SIGTERM)
            assert await m.ends() == (4001, "draining")
            third = await until(db, mina.id, here=False)
            assert await trio.to_thread.run_sync(drained.wait) == 0
        assert [len({row["boot"] for row in rows}) for rows in (first, second, third)] == [1, 2, 3]
        assert all(row["entered_at"] <= row["left_at"] for row in third)
        assert (
            await db.read(_looks, mina.id) >= 6
        )  # each of them is looked at when it begins and when it ends
