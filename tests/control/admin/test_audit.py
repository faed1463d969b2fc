"""The audit: every act of an admin is there once, with who, what, about whom, when and why; and nobody else reads it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import pytest
import trio

from common.ids import uuid7
from common.postgres import Connection, Postgres
from control.admin import queries, standing
from control.admin.audit import record
from control.cursor import LAST
from tests.control.reports.conftest import Admins
from tests.control.rooms.conftest import Guest, Guests, Json, good, refused
from tests.control.rooms.test_plans import ask, db, nodes, plan
from tests.support.control import Control

__all__ = ["db"]
AUDIT = "/api/v1/admin/audit"


async def deeds(admin: Guest, **query: Any) -> list[Json]:
    found: list[Json] = good(await admin.http.get(AUDIT, params=query))["deeds"]
    return found


async def test_each_act_is_there_once_with_who_whom_when_and_why(admins: Admins, guests: Guests) -> None:
    (sol,) = await admins(1)
    jun, mina = await guests(2)
    person = f"/api/v1/admin/people/{jun.id}"
    for _ in range(2):  # done again, nothing is done
        answer = await sol.http.put(f"{person}/roles", json={"roles": ["mentor"]})
    for _ in range(2):
        await sol.http.put(f"{person}/suspension", json={"reason": "광고"})
    for _ in range(2):
        await sol.http.delete(f"{person}/suspension")
    await mina.http.post(f"/api/v1/people/{jun.id}/reports", json={"reason": "spam"})
    report = good(await sol.http.get("/api/v1/reports"))["reports"][0]["id"]
    for _ in range(2):
        await sol.http.put(f"/api/v1/reports/{report}/outcome", json={"outcome": "upheld", "note": "경고"})
    found = await deeds(sol)
    assert [deed["act"] for deed in found] == [
        "report.resolved", "people.reinstated", "people.suspended", "people.roles"
    ]  # fmt: skip
    assert {deed["by"]["id"] for deed in found} == {sol.id}
    assert {deed["person"]["id"] for deed in found} == {jun.id}
    assert [deed["detail"] for deed in found] == [
        {"outcome": "upheld", "note": "경고"}, {}, {"reason": "광고"}, {"given": ["mentee", "mentor"][1:], "taken": []}
    ]  # fmt: skip
    assert found[0]["object"] == report
    assert found[-1]["request"] != answer.headers["x-request-id"]  # the first of the two did it
    assert len({deed["request"] for deed in found}) == 4
    assert [deed["at"] for deed in found] == sorted((deed["at"] for deed in found), reverse=True)


async def test_points_that_are_granted_twice_are_noted_once(admins: Admins, guests: Guests) -> None:
    (sol,) = await admins(1)
    (jun,) = await guests(1)
    grant = {"client_id": uuid7(), "person": jun.id, "points": 300, "note": "봄 축제"}
    for _ in range(2):
        assert (await sol.http.post("/api/v1/admin/points/grants", json=grant)).status_code == 204
    (deed,) = await deeds(sol)
    assert (deed["act"], deed["person"]["id"]) == ("points.granted", jun.id)
    assert deed["detail"] == {"points": 300, "note": "봄 축제"}


async def test_an_act_that_fails_leaves_no_line_and_a_line_that_fails_leaves_no_act(
    control: Control, admins: Admins, guests: Guests
) -> None:
    (sol,) = await admins(1)
    (jun,) = await guests(1)

    async def refuse(connection: Connection) -> None:
        await connection.execute("ALTER TABLE admin_audit ADD CONSTRAINT closed CHECK (false) NOT VALID")

    async def admit(connection: Connection) -> None:
        await connection.execute("ALTER TABLE admin_audit DROP CONSTRAINT closed")

    await control.services.db.transaction(refuse)
    try:
        with pytest.raises(asyncpg.CheckViolationError):
            await standing.suspend(control.services, sol.id, jun.id, "so")
    finally:
        with trio.move_on_after(10, shield=True):
            await control.services.db.transaction(admit)
    shown = good(await sol.http.get(f"/api/v1/admin/people/{jun.id}/standing"))
    assert shown["suspension"] is None
    refused(
        await sol.http.put(f"/api/v1/admin/people/{sol.id}/suspension", json={"reason": "so"}), "not_oneself"
    )
    assert await deeds(sol) == []


async def test_of_many_who_do_the_same_at_once_one_is_noted(admins: Admins, guests: Guests) -> None:
    many = await admins(4)
    (jun,) = await guests(1)

    async def suspend(admin: Guest) -> None:
        good(await admin.http.put(f"/api/v1/admin/people/{jun.id}/suspension", json={"reason": "so"}))

    async with trio.open_nursery() as nursery:
        for admin in many * 3:
            nursery.start_soon(suspend, admin)
    assert len(await deeds(many[0])) == 1


async def test_filters_sift_and_pages_follow_one_another(
    control: Control, admins: Admins, guests: Guests
) -> None:
    sol, dal = await admins(2)
    jun, mina = await guests(2)

    async def write(connection: Connection) -> None:
        for number in range(6):
            by, person = (sol, dal)[number % 2], (jun, mina)[number // 3]
            act = "people.suspended" if number % 3 else "people.reinstated"
            await record(connection, by.id, act, person=person.id, number=number)

    await control.services.db.transaction(write)
    everything = await deeds(sol)

    def numbers(found: list[Json]) -> list[int]:
        return [deed["detail"]["number"] for deed in found]

    assert numbers(everything) == [5, 4, 3, 2, 1, 0]
    assert numbers(await deeds(sol, by=dal.id)) == [5, 3, 1]
    assert numbers(await deeds(sol, person=jun.id)) == [2, 1, 0]
    assert numbers(await deeds(sol, act="people.reinstated")) == [3, 0]
    assert numbers(await deeds(sol, person=mina.id, by=dal.id, act="people.suspended")) == [5]
    assert numbers(await deeds(sol, by=sol.id, act="people.reinstated")) == [0]
    now = max(deed["at"] for deed in everything)
    assert numbers(await deeds(sol, since=now + 60_000)) == []
    assert numbers(await deeds(sol, until=min(deed["at"] for deed in everything) - 60_000)) == []
    assert len(await deeds(sol, since=now - 60_000, until=now + 60_000)) == 6
    paged, cursor = [], None
    while True:
        page = good(await sol.http.get(AUDIT, params={"limit": 4} | ({"cursor": cursor} if cursor else {})))
        paged += page["deeds"]
        if (cursor := page["next"]) is None:
            break
    assert paged == everything


async def test_nobody_else_reads_it(control: Control, admins: Admins, guests: Guests) -> None:
    (sol,) = await admins(1)
    (jun,) = await guests(1)
    await control.grant(jun.id, "mentor")
    refused(await jun.http.get(AUDIT), "forbidden")
    refused(await control.http.get(AUDIT), "unauthenticated")
    for query in (
        {"by": "x"},
        {"act": "x"},
        {"since": "-1"},
        {"until": str(2**48)},
        {"cursor": "!!!!"},
        {"limit": 101},
    ):
        refused(await sol.http.get(AUDIT, params=query), "invalid")


_SEED = """
INSERT INTO users (id, email, nickname, name, phone)
SELECT uuidv7(), n || '@example.org', 'p' || n, 'p', '+' || n FROM generate_series(1, 1000) n;
INSERT INTO admin_audit (by, act, person)
SELECT u[n % 1000 + 1], CASE WHEN n % 500 = 0 THEN 'people.roles' ELSE 'people.suspended' END, u[n * 7 % 1000 + 1]
FROM (SELECT array_agg(id ORDER BY id) u FROM users) all_users, generate_series(1, 20000) n;
VACUUM ANALYZE
"""


async def test_every_filter_is_served_by_its_index(db: Postgres) -> None:
    for statement in _SEED.split(";"):
        await ask(db, statement)
    somebody = await ask(db, "SELECT by FROM admin_audit LIMIT 1")
    page = (LAST, UUID(int=0), 50)
    for index, statement, more in (
        ("admin_audit_pkey", queries.AUDIT, ()),
        ("admin_audit_about", queries.AUDIT_ABOUT, (somebody, None, None)),
        ("admin_audit_by", queries.AUDIT_BY, (somebody, None)),
        ("admin_audit_of_act", queries.AUDIT_OF_ACT, ("people.roles",)),
    ):
        found = nodes(await plan(db, statement, *page, *more))
        assert index in {node.get("Index Name") for node in found}, index
        assert "admin_audit" not in {
            node["Relation Name"] for node in found if node["Node Type"] == "Seq Scan"
        }
