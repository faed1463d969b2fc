"""Entering and leaving rooms is on record, whatever happens to the replicas that saw it."""

from __future__ import annotations

from typing import Any

import asyncpg
import trio

from common.aio import open_loop
from common.postgres import Postgres, open_postgres
from tests.support.visit import visit
from tests.support.world import World

LEASE = 1.5
_STAYS = "SELECT boot::text AS boot, category, entered_at, left_at FROM stays WHERE user_id = $1 ORDER BY entered_at"


async def until(db: Postgres, user: str, *, open_ones: int, ended: int) -> list[Any]:
    """The stays of a person, once so many go on and so many have ended."""

    async def select(connection: asyncpg.Connection[Any]) -> list[Any]:
        return await connection.fetch(_STAYS, user)

    with trio.fail_after(60):
        while True:
            rows = await db.read(select)
            if [row["left_at"] is None for row in rows].count(True) == open_ones and len(
                rows
            ) - open_ones == ended:
                return rows
            await trio.sleep(0.1)


async def test_a_stay_lasts_as_long_as_somebody_was_seen_there(world: World) -> None:
    mina, jun = world.people(2)
    room = world.room(mina, jun)
    settings = {"CHATD_LEASE_SECONDS": str(LEASE), "CHATD_CALM_SECONDS": "6", "CHATD_DRAIN_SECONDS": "0"}
    left, killed, drained = world.replicas(3, **settings)
    async with open_loop(), open_postgres(world.database_url) as db:
        async with visit(left, mina, room), visit(left, mina, room), visit(left, jun):
            await until(db, mina.id, open_ones=1, ended=0)
        await until(db, mina.id, open_ones=0, ended=1)
        await until(db, jun.id, open_ones=0, ended=0)  # online, and in no room

        async with visit(killed, mina, room):
            await until(db, mina.id, open_ones=1, ended=1)
            await trio.to_thread.run_sync(killed.kill)
            *_, last = await until(db, mina.id, open_ones=0, ended=2)
        assert (last["left_at"] - last["entered_at"]).total_seconds() < 30

        async with visit(drained, mina, room):
            await until(db, mina.id, open_ones=1, ended=2)
            await trio.to_thread.run_sync(drained.stop)
            rows = await until(db, mina.id, open_ones=0, ended=3)
        assert len({row["boot"] for row in rows}) == 3
        assert all(row["entered_at"] < row["left_at"] for row in rows)
