"""A session of one's own: its lock, its bell, and its end."""

from __future__ import annotations

import pytest
import trio
import trio.testing

from common import aio
from common.errors import StoreUnavailable
from common.postgres import Connection, Session, open_postgres, open_session
from tests.support.rawsocket import PATIENCE


async def ask(session: Session, statement: str) -> object:
    async def run(connection: Connection) -> object:
        return await connection.fetchval(statement)

    return await session.run(run)


async def test_a_lock_lives_as_long_as_the_session(database_url: str) -> None:
    take = "SELECT pg_try_advisory_lock(1)"
    async with aio.open_loop(), open_session(database_url, listen="x") as second:
        async with open_session(database_url, listen="x") as first:
            assert await ask(first, take) is True
            assert await ask(second, take) is False
        with trio.fail_after(PATIENCE):
            while not await ask(second, take):  # noqa: ASYNC110 - the server notices the end by itself
                await trio.sleep(0.01)


async def test_the_bell_is_heard_also_when_it_rang_before_anybody_waited(database_url: str) -> None:
    async with aio.open_loop(), open_session(database_url, listen="door") as session:
        await ask(session, "SELECT pg_notify('door', '')")
        with trio.fail_after(PATIENCE):
            await session.rung(60)
            async with trio.open_nursery() as nursery:
                nursery.start_soon(session.rung, 60)
                await trio.testing.wait_all_tasks_blocked()
                await ask(session, "SELECT pg_notify('door', '')")


async def test_another_bell_is_not_ours(database_url: str) -> None:
    async with aio.open_loop(), open_session(database_url, listen="door") as session:
        await ask(session, "SELECT pg_notify('window', '')")
        began = trio.current_time()
        await session.rung(0.05)
        assert trio.current_time() - began >= 0.05


async def test_a_session_that_is_cut_off_rings_and_says_so(database_url: str) -> None:
    async with (
        aio.open_loop(),
        open_postgres(database_url) as db,
        open_session(database_url, listen="x") as cut,
    ):
        pid = await ask(cut, "SELECT pg_backend_pid()")
        await db.read(lambda connection: connection.execute("SELECT pg_terminate_backend($1)", pid))
        with trio.fail_after(PATIENCE):
            await cut.rung(60)
        with pytest.raises(StoreUnavailable):
            await ask(cut, "SELECT 1")


async def test_a_statement_is_not_cut_short(database_url: str) -> None:
    async with aio.open_loop(), open_session(database_url, listen="x") as session:
        with trio.CancelScope() as scope:
            scope.cancel()
            assert await ask(session, "SELECT 42") == 42
        assert await ask(session, "SELECT 43") == 43


async def test_a_server_that_is_not_there_is_away() -> None:
    async with aio.open_loop():
        with pytest.raises(StoreUnavailable):
            async with open_session("postgresql://postgres@127.0.0.1:1/none", listen="x"):
                raise AssertionError
