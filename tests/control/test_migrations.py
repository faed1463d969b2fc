"""The schema: applied once, in order, by whoever comes first."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import trio

from common import aio
from common.postgres import Connection, Postgres, open_postgres
from control import migrations
from tests.support.control import PATIENCE

ONE = "CREATE TABLE one (a int); INSERT INTO one VALUES (1); INSERT INTO one VALUES (2);"


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Postgres]:
    async with aio.open_loop(), open_postgres(url) as db:
        yield db


async def value(db: Postgres, sql: str) -> Any:
    async def ask(connection: Connection) -> Any:
        return await connection.fetchval(sql)

    return await db.read(ask)


async def test_files_are_applied_once_and_in_order(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "0002_more.sql").write_text("INSERT INTO one VALUES (3);")
    (tmp_path / "0001_one.sql").write_text(ONE)
    (tmp_path / "notes.txt").write_text("not a migration")
    async with opened(database_url) as db:
        assert await migrations.pending(db, tmp_path) == ["0001_one", "0002_more"]
        assert await migrations.apply(db, tmp_path) == ["0001_one", "0002_more"]
        assert await migrations.apply(db, tmp_path) == []
        assert await migrations.pending(db, tmp_path) == []
        assert await value(db, "SELECT sum(a) FROM one") == 6


async def test_ten_that_start_at_once_apply_each_file_once(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "0001_one.sql").write_text(ONE + "SELECT pg_sleep(0.2);")
    applied: list[list[str]] = []
    async with opened(database_url) as db:

        async def apply() -> None:
            applied.append(await migrations.apply(db, tmp_path))

        async with trio.open_nursery() as nursery:
            for _ in range(10):
                nursery.start_soon(apply)
        assert sorted(applied) == [[]] * 9 + [["0001_one"]]
        assert await value(db, "SELECT count(*) FROM one") == 2


async def test_a_file_that_fails_leaves_nothing_and_can_be_mended(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "0001_one.sql").write_text(ONE)
    (tmp_path / "0002_wrong.sql").write_text("INSERT INTO one VALUES (3); INSERT INTO nowhere VALUES (1);")
    async with opened(database_url) as db:
        with pytest.raises(asyncpg.UndefinedTableError):
            await migrations.apply(db, tmp_path)
        assert await value(db, "SELECT count(*) FROM one") == 2
        (tmp_path / "0002_wrong.sql").write_text("INSERT INTO one VALUES (3);")
        assert await migrations.apply(db, tmp_path) == ["0002_wrong"]


async def test_an_applied_file_is_not_edited(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "0001_one.sql").write_text(ONE)
    async with opened(database_url) as db:
        await migrations.apply(db, tmp_path)
        (tmp_path / "0001_one.sql").write_text(ONE + " ")
        for ask in (migrations.apply, migrations.pending):
            with pytest.raises(migrations.SchemaDrift, match="0001_one was edited"):
                await ask(db, tmp_path)


async def test_a_newer_programs_migration_is_none_of_our_business(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "0001_one.sql").write_text(ONE)
    (tmp_path / "0002_newer.sql").write_text("SELECT 1;")
    async with opened(database_url) as db:
        await migrations.apply(db, tmp_path)
        (tmp_path / "0002_newer.sql").unlink()
        assert await migrations.pending(db, tmp_path) == []


async def test_one_that_is_cancelled_gives_up_its_turn(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "0001_one.sql").write_text("SELECT pg_sleep(30);")
    async with opened(database_url) as db:
        with trio.move_on_after(0.3):
            await migrations.apply(db, tmp_path)
        (tmp_path / "0001_one.sql").write_text(ONE)
        with trio.fail_after(PATIENCE):
            assert await migrations.apply(db, tmp_path) == ["0001_one"]


async def test_our_own_files_make_the_tables_that_others_rely_on(database_url: str) -> None:
    async with opened(database_url) as db:
        names = await migrations.apply(db)
        assert names == sorted(names)
        for table in ("users", "user_roles", "sessions", "refresh_tokens", "signing_keys", "outbox"):
            assert await value(db, f"SELECT count(*) FROM {table}") == 0
