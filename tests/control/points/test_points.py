"""Points over HTTP: granted by admins, once for each grant; everybody reads his own statement, and admins anybody's."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import httpx
import trio

from common.ids import uuid7
from common.postgres import Postgres
from control.points import queries, statements
from control.points.routes import operations
from control.points.views import StatementQuery
from tests.control.reports.conftest import Admins
from tests.control.rooms.conftest import Guest, Guests, Json, good, refused
from tests.control.rooms.test_plans import Counting, ask, db, nodes, pages_read, plan
from tests.support.control import Control

__all__ = ["db"]
NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"


async def grant(admin: Guest, person: str, points: Any = 100, **more: Any) -> httpx.Response:
    body = {"client_id": uuid7(), "person": person, "points": points, **more}
    return await admin.http.post("/api/v1/admin/points/grants", json=body)


async def points_of(guest: Guest, **query: Any) -> Json:
    return good(await guest.http.get("/api/v1/me/points", params=query))


async def test_who_has_none_has_nought(guests: Guests) -> None:
    (mina,) = await guests(1)
    assert await points_of(mina) == {"balance": 0, "entries": [], "next": None}


async def test_a_grant_is_on_the_statement_of_whom_it_is_for(guests: Guests, admins: Admins) -> None:
    mina, jun = await guests(2)
    (sol,) = await admins(1)
    assert (await grant(sol, mina.id, 100, note="고맙습니다")).status_code == 204
    assert (await grant(sol, mina.id, 50)).status_code == 204
    mine = await points_of(mina)
    assert mine["balance"] == 150
    assert [(each["kind"], each["points"], each["balance"], each["note"]) for each in mine["entries"]] == [
        ("grant", 50, 150, ""),
        ("grant", 100, 100, "고맙습니다"),
    ]
    assert (await points_of(jun))["balance"] == 0
    assert good(await sol.http.get(f"/api/v1/admin/people/{mina.id}/points")) == mine


async def test_the_same_grant_is_given_once_however_often_it_is_sent(guests: Guests, admins: Admins) -> None:
    (mina,) = await guests(1)
    sol, dan = await admins(2)
    again = uuid7()
    answers: list[int] = []

    async def send() -> None:
        answers.append((await grant(sol, mina.id, 100, client_id=again)).status_code)

    async with trio.open_nursery() as nursery:
        for _ in range(10):
            nursery.start_soon(send)
    assert answers == [204] * 10
    assert (await points_of(mina))["balance"] == 100
    refused(await grant(sol, mina.id, 101, client_id=again), "reference_reused")
    refused(await grant(sol, mina.id, 100, client_id=again, note="고맙습니다"), "reference_reused")
    assert (await grant(dan, mina.id, 101, client_id=again)).status_code == 204  # which is another's
    assert (await points_of(mina))["balance"] == 201


async def test_pages_of_a_statement_neither_repeat_nor_hide(guests: Guests, admins: Admins) -> None:
    (mina,) = await guests(1)
    (sol,) = await admins(1)
    for points in range(1, 8):
        assert (await grant(sol, mina.id, points)).status_code == 204
    seen: list[int] = []
    cursor: Json = {}
    while True:
        page = await points_of(mina, limit=3, **cursor)
        seen += [each["points"] for each in page["entries"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
        await grant(sol, mina.id, 99)
    assert seen == [7, 6, 5, 4, 3, 2, 1]


async def test_what_is_no_grant_is_refused(control: Control, guests: Guests, admins: Admins) -> None:
    (mina,) = await guests(1)
    (sol,) = await admins(1)
    for points in (0, -1, 1_000_001, 1.5, "5", None):
        refused(await grant(sol, mina.id, points), "invalid")
    refused(await grant(sol, mina.id, note="x" * 201), "invalid")
    refused(await grant(sol, mina.id, note="a\x07b"), "invalid")
    refused(await grant(sol, "mina"), "invalid")
    refused(await grant(sol, NOBODY), "person_not_found")
    bot = good(await sol.http.post("/api/v1/bots", json={"nickname": "길잡이"}), 201)
    refused(await grant(sol, bot["id"]), "person_not_found")
    refused(await sol.http.get(f"/api/v1/admin/people/{NOBODY}/points"), "person_not_found")
    too_much = await sol.http.post("/api/v1/admin/points/grants", content=b"x" * 70_000)
    assert too_much.status_code in {413, 415}
    for cursor in ("abcd", "Wy0xXQ", "WzEwMDAwMDAwMDAwMDAwMDAwMDAwMF0"):
        refused(await mina.http.get("/api/v1/me/points", params={"cursor": cursor}), "invalid")
    assert (await points_of(mina))["balance"] == 0


async def test_only_admins_grant_and_read_what_others_have(control: Control, guests: Guests) -> None:
    mina, jun = await guests(2)
    refused(await grant(mina, mina.id), "forbidden")
    refused(await mina.http.get(f"/api/v1/admin/people/{jun.id}/points"), "forbidden")
    for operation in operations.table:
        path = re.sub(r"{\w+}", NOBODY, operation.path)
        body = {} if operation.body else None
        refused(await control.http.request(operation.method, path, json=body), "unauthenticated")


# 300 people with a hundred entries each.
_SEED = """
    INSERT INTO users (id, email, nickname, name, phone, password_hash)
    SELECT uuidv7(), n || '@example.org', 'p' || n, 'p', '+' || n, '' FROM generate_series(1, 300) n;
    INSERT INTO point_accounts (user_id, balance) SELECT id, 100 FROM users;
    INSERT INTO point_transfers (reference, kind, by, at)
    SELECT 'r' || n, 'reward', (SELECT id FROM users LIMIT 1), now() - n * interval '1 hour' FROM generate_series(1, 30000) n;
    INSERT INTO point_entries (transfer_id, owner_id, treasury, points, balance)
    SELECT t.id, CASE side WHEN 1 THEN u.id END, CASE side WHEN -1 THEN 'grants' END, side, CASE side WHEN 1 THEN 1 END
    FROM (SELECT id, row_number() OVER () AS n FROM point_transfers) t
    JOIN (SELECT id, row_number() OVER () AS n FROM users) u ON u.n = t.n % 300 + 1, (VALUES (1), (-1)) AS sides(side);
    VACUUM ANALYZE
"""


async def test_a_statement_is_one_query_and_what_somebody_caused_lately_another_each_served_by_its_index(
    db: Postgres,
) -> None:
    for statement in _SEED.split(";"):
        await ask(db, statement)
    me = str(await ask(db, "SELECT user_id FROM point_accounts LIMIT 1"))
    middle = await ask(
        db, "SELECT id FROM point_entries WHERE owner_id = $1 ORDER BY id OFFSET 50 LIMIT 1", me
    )
    for before in (2**63 - 1, middle):
        root = await plan(db, queries.STATEMENT, me, before, 20)
        assert "point_entries_of_owner" in {node.get("Index Name") for node in nodes(root)}
        scanned = {node["Relation Name"] for node in nodes(root) if node["Node Type"] == "Seq Scan"}
        few = {
            "point_accounts",
            "classes",
            "answers",
            "questions",
        }  # or none here; keys serve when they are many
        assert scanned <= few, scanned
        assert pages_read(root) < 200
    by = str(await ask(db, "SELECT by FROM point_transfers LIMIT 1"))
    root = await plan(db, queries.REWARDS_BY, by, timedelta(days=1), me)
    assert "point_transfers_caused" in {node.get("Index Name") for node in nodes(root)}
    assert pages_read(root) < 200

    class Stores:
        def __init__(self) -> None:
            self.db = Counting(db)

    stores: Any = Stores()
    for number, limit in enumerate((10, 60), 1):
        page = await statements.statement(stores, me, StatementQuery(limit=limit))
        assert len(page.entries) == limit
        assert len(stores.db.statements) == number
