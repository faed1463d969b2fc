"""The ledger: what goes from one account comes to another, once, and nobody spends what he does not have."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import trio

from common import aio
from common.errors import MadangError, StoreUnavailable
from common.ids import uuid7
from common.postgres import Connection, Postgres, open_postgres
from control import migrations
from control.points import ledger, queries
from control.points.ledger import Account, Treasury, balance, reward, transfer

_ADD_PERSON = """
    INSERT INTO users (id, email, nickname, name, phone) SELECT id, id::text, id::text, '', id::text
    FROM (SELECT $1::uuid AS id) new
"""
_SUMS = """
    SELECT (SELECT sum(points) FROM point_entries) AS everything,
           (SELECT count(*) FROM (SELECT FROM point_entries GROUP BY transfer_id HAVING sum(points) <> 0) wrong)
               AS wrong_transfers,
           (SELECT count(*) FROM point_accounts a
            WHERE balance <> (SELECT sum(points) FROM point_entries WHERE owner_id = a.user_id)
               OR balance <> (SELECT e.balance FROM point_entries e WHERE owner_id = a.user_id ORDER BY id DESC LIMIT 1))
               AS wrong_accounts
"""


@pytest.fixture
async def db(control_database: str, control_settings: object) -> AsyncIterator[Postgres]:
    async with aio.open_loop(), open_postgres(control_database, connections=20) as db:
        yield db


async def person(db: Postgres, points: int = 0) -> str:
    user = uuid7()

    async def add(connection: Connection) -> None:
        await connection.execute(_ADD_PERSON, user)
        if points:
            await reward(connection, user, points, reference=f"test:{user}")

    await db.transaction(add)
    return user


async def pay(db: Postgres, source: Account, target: Account, points: int, reference: str) -> bool:
    async def run(connection: Connection) -> bool:
        return await transfer(
            connection, kind="purchase", source=source, target=target, points=points, reference=reference
        )

    return await db.transaction(run)


async def one_row(db: Postgres, statement: str) -> Any:
    async def run(connection: Connection) -> Any:
        return await connection.fetchrow(statement)

    return await db.read(run)


async def assert_sound(db: Postgres) -> None:
    """All entries sum to nought, and so do each transfer's; each balance is what its entries say."""
    sums = await one_row(db, _SUMS)
    assert (sums["everything"] or 0, sums["wrong_transfers"], sums["wrong_accounts"]) == (0, 0, 0)


async def test_what_goes_from_one_account_comes_to_another(db: Postgres) -> None:
    mina, jun = await person(db, 100), await person(db)
    assert await pay(db, mina, jun, 30, "a")
    assert await pay(db, jun, Treasury.CLASSES, 10, "b")
    assert await db.read(balance, mina) == 70
    assert await db.read(balance, jun) == 20
    await assert_sound(db)


async def test_200_who_spend_at_once_never_go_below_zero(db: Postgres) -> None:
    mina = await person(db, 1000)
    outcomes: list[str] = []

    async def spend(number: int) -> None:
        try:
            await pay(db, mina, Treasury.CLASSES, 30, f"class:{number}")
            outcomes.append("spent")
        except MadangError as refusal:
            outcomes.append(refusal.code)
        except StoreUnavailable:  # on a busy machine: there are ten times as many as connections
            again.append(number)

    again = list(range(200))
    while again:
        numbers, again = again, []
        async with trio.open_nursery() as nursery:
            for number in numbers:
                nursery.start_soon(spend, number)
    assert outcomes.count("spent") == 33
    assert outcomes.count("not_enough_points") == 167
    assert await db.read(balance, mina) == 10
    assert (await one_row(db, "SELECT count(*) FROM point_transfers WHERE kind = 'purchase'"))[0] == 33
    await assert_sound(db)


async def test_the_same_reference_moves_points_once_however_many_use_it_at_once(db: Postgres) -> None:
    mina = await person(db, 100)
    moved: list[bool] = []

    async def spend() -> None:
        moved.append(await pay(db, mina, Treasury.CLASSES, 60, "class:1"))

    async with trio.open_nursery() as nursery:
        for _ in range(20):
            nursery.start_soon(spend)
    assert sorted(moved) == [False] * 19 + [True]
    assert await db.read(balance, mina) == 40
    await assert_sound(db)


async def test_a_reference_that_was_used_for_something_else_is_refused(db: Postgres) -> None:
    mina, jun = await person(db, 100), await person(db, 100)
    assert await pay(db, mina, jun, 10, "one")
    for source, target, points in ((mina, jun, 11), (jun, mina, 10), (mina, Treasury.CLASSES, 10)):
        with pytest.raises(MadangError, match="reference_reused"):
            await pay(db, source, target, points, "one")
    assert await db.read(balance, mina) == 90


async def test_people_who_pay_each_other_at_once_do_not_lock_each_other_out(db: Postgres) -> None:
    mina, jun = await person(db, 1000), await person(db, 1000)

    async def pay_often(source: str, target: str) -> None:
        for _ in range(20):
            await pay(db, source, target, 5, uuid7())

    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(pay_often, mina, jun)
            nursery.start_soon(pay_often, jun, mina)
    assert await db.read(balance, mina) == await db.read(balance, jun) == 1000
    await assert_sound(db)


async def test_who_cannot_pay_leaves_no_trace(db: Postgres) -> None:
    mina, jun = await person(db, 10), await person(db)
    for spender in (mina, jun):
        with pytest.raises(MadangError, match="not_enough_points"):
            await pay(db, spender, Treasury.CLASSES, 11, f"class:{spender}")
    assert (await one_row(db, "SELECT count(*) FROM point_transfers WHERE kind = 'purchase'"))[0] == 0
    assert await pay(db, mina, Treasury.CLASSES, 10, f"class:{mina}")  # the reference is still free


async def test_what_the_caller_takes_back_was_never_moved(db: Postgres) -> None:
    mina = await person(db, 10)

    async def run(connection: Connection) -> None:
        await reward(connection, mina, 5, reference="answer:1")
        raise MadangError("conflict")

    with pytest.raises(MadangError, match="conflict"):
        await db.transaction(run)
    assert await db.read(balance, mina) == 10
    await assert_sound(db)


async def test_nothing_moves_nowhere(db: Postgres) -> None:
    mina = await person(db, 10)
    for source, target, points in (
        (mina, Treasury.CLASSES, 0),
        (mina, Treasury.CLASSES, -5),
        (mina, mina, 5),
    ):
        with pytest.raises(ValueError, match="moves"):
            await pay(db, source, target, points, "none")


async def test_entries_that_do_not_sum_to_nought_are_refused_whoever_writes_them(db: Postgres) -> None:
    async def run(connection: Connection) -> None:
        number = await connection.fetchval(queries.ADD_TRANSFER, "odd", "grant", None, "", None)
        await connection.execute(queries.ADD_ENTRY, number, None, "grants", 5, None)

    with pytest.raises(asyncpg.CheckViolationError, match="nought"):
        await db.transaction(run)


def test_each_treasury_is_one_that_the_database_knows() -> None:
    (points,) = [each.sql for each in migrations.migrations() if each.name == "0013_points"]
    assert all(f"'{each.value}'" in points for each in ledger.Treasury)
