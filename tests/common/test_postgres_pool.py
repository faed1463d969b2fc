"""The pool gives each connection to many, one after the other: nobody finds what another left."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from common import aio
from common.errors import StoreUnavailable
from common.postgres import Connection, open_postgres

LOCK = 4711
_LOCKS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1"
_TWO = ["00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"]


async def locked(connection: Connection) -> None:
    await connection.execute("SELECT pg_advisory_lock($1)", LOCK)


async def locked_and_failed(connection: Connection) -> None:
    await locked(connection)
    raise LookupError


async def locks(connection: Connection) -> int:
    held: int = await connection.fetchval(_LOCKS, LOCK)
    return held


async def test_of_what_failed_nothing_is_left_to_the_next(database_url: str) -> None:
    async with aio.open_loop(), open_postgres(database_url, connections=1) as db:
        for run in (db.read, db.transaction):
            with pytest.raises(LookupError):
                await run(locked_and_failed)
            assert await db.read(locks) == 0


async def test_what_is_read_as_a_snapshot_is_of_one_moment(
    database_url: str,
) -> None:
    async def twice(connection: Connection) -> tuple[int, int]:
        another = await asyncpg.connect(database_url)
        before: int = await connection.fetchval("SELECT count(*) FROM seen")
        await another.execute("INSERT INTO seen VALUES (1)")
        after: int = await connection.fetchval("SELECT count(*) FROM seen")
        await another.close()
        return before, after

    async with aio.open_loop(), open_postgres(database_url) as db:
        await db.transaction(lambda connection: connection.execute("CREATE TABLE seen (n int)"))
        assert await db.snapshot(twice) == (0, 0)
        assert await db.read(twice) == (1, 2)


async def full(connection: Connection) -> None:
    await connection.execute("DO $$ BEGIN RAISE SQLSTATE '53100'; END $$")


async def of_a_standby(connection: Connection) -> None:
    await connection.execute("SET TRANSACTION READ ONLY")
    await connection.execute("CREATE TABLE never (id int)")


@pytest.mark.parametrize("run", [full, of_a_standby])
async def test_a_server_that_cannot_write_now_is_away(database_url: str, run: Any) -> None:
    async with aio.open_loop(), open_postgres(database_url) as db:
        with pytest.raises(StoreUnavailable):
            await db.transaction(run)
        await db.ready()


async def test_what_went_well_costs_no_round_trip_more(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    executed: list[str] = []
    execute = asyncpg.Connection.execute

    async def noted(self: Any, query: str, *args: Any, **options: Any) -> str:
        executed.append(query)
        return await execute(self, query, *args, **options)

    monkeypatch.setattr(asyncpg.Connection, "execute", noted)
    async with aio.open_loop(), open_postgres(database_url) as db:
        await db.ready()
        assert executed == []
        with pytest.raises(asyncpg.UndefinedTableError):
            await db.read(Connection.fetch, "TABLE nowhere")
        assert len(executed) == 1
        await db.ready()
        assert len(executed) == 1


async def test_what_a_type_is_the_first_connection_asks_for_all(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    ask: Any = asyncpg.Connection._introspect_types  # type: ignore[attr-defined]

    async def noted(self: Any, *args: Any) -> Any:
        asked.append(args)
        return await ask(self, *args)

    monkeypatch.setattr("common.postgres._types", {})
    monkeypatch.setattr(asyncpg.Connection, "_introspect_types", noted)
    async with aio.open_loop():
        for _ in range(2):
            async with open_postgres(database_url) as db:
                for _ in range(2):
                    assert [
                        str(each) for each in await db.read(Connection.fetchval, "SELECT $1::uuid[]", _TWO)
                    ] == _TWO
        assert len(asked) == 1


async def test_a_type_of_the_database_is_asked_for_by_each(database_url: str) -> None:
    """Its number is another one tomorrow."""
    async with aio.open_loop():
        for mood in ("glad", "calm"):
            async with open_postgres(database_url) as db:
                await db.read(Connection.execute, f"CREATE TYPE mood AS ENUM ('{mood}')")
            async with open_postgres(database_url) as db:
                assert await db.read(Connection.fetchval, "SELECT $1::mood[]", [mood]) == [mood]
                await db.read(Connection.execute, "DROP TYPE mood")
