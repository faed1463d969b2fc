"""Admins find people by whatever they know of them, and see how each stands; nobody else does."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import trio

from common.postgres import Postgres
from control.admin import finding, queries
from control.admin.views import PeopleQuery
from control.cursor import LAST
from tests.control.reports.conftest import Admins
from tests.control.rooms.conftest import Guest, Guests, Json, good, refused
from tests.control.rooms.test_plans import Counting, Stores, ask, db, nodes, plan
from tests.support.control import Control

__all__ = ["db"]
PEOPLE = "/api/v1/admin/people"


async def found(admin: Guest, **query: Any) -> list[str]:
    return [each["nickname"] for each in good(await admin.http.get(PEOPLE, params=query))["people"]]


async def suspend(admin: Guest, person: Guest) -> httpx.Response:
    return await admin.http.put(f"{PEOPLE}/{person.id}/suspension", json={"reason": "광고"})


async def set_roles(admin: Guest, person: Guest, *roles: str) -> httpx.Response:
    return await admin.http.put(f"{PEOPLE}/{person.id}/roles", json={"roles": list(roles)})


async def test_people_are_found_by_what_is_known_of_them(control: Control, admins: Admins) -> None:
    (sol,) = await admins(1)
    person = await control.sign_up()
    user = (await (await control.log_in(person)).get("/api/v1/me")).json()["id"]
    local = "0" + person.phone.removeprefix("+82")
    for query in (
        {"id": user}, {"email": person.email.upper()}, {"phone": local}, {"nickname": person.nickname[:6]},
        {"email": person.email, "role": "mentee"}, {"nickname": person.nickname, "standing": "active"},
    ):  # fmt: skip
        assert await found(sol, **query) == [person.nickname], query
    for query in (
        {"email": person.email, "role": "admin"}, {"phone": person.phone, "standing": "suspended"},
        {"nickname": person.nickname[1:]}, {"nickname": person.nickname, "role": "mentor"}, {"id": "0" * 8 + user[8:]},
    ):  # fmt: skip
        assert await found(sol, **query) == [], query
    (shown,) = good(await sol.http.get(PEOPLE, params={"id": user}))["people"]
    assert shown["name"] == person.name
    assert (shown["email"], shown["phone"]) == (person.email, person.phone)
    assert (shown["roles"], shown["standing"]) == (["mentee"], "active")


async def test_lists_by_role_and_standing_follow_what_admins_do(admins: Admins, guests: Guests) -> None:
    sol, dal = await admins(2)
    mina, jun, ara = await guests(3)
    await set_roles(sol, mina, "mentor")
    await suspend(sol, jun)
    newest = [ara.nickname, jun.nickname, mina.nickname, dal.nickname, sol.nickname]
    assert await found(sol) == newest
    assert await found(sol, role="mentee") == newest
    assert await found(sol, role="mentor") == [mina.nickname]
    assert await found(sol, role="admin") == newest[3:]
    assert await found(sol, standing="suspended") == [jun.nickname]
    assert await found(sol, standing="suspended", role="mentor") == []
    assert await found(sol, standing="active") == [name for name in newest if name != jun.nickname]
    assert await found(sol, standing="active", role="mentor") == [mina.nickname]
    assert await found(sol, standing="deleted") == []


@pytest.mark.parametrize("query", [{}, {"role": "mentee"}, {"nickname": "사람"}, {"standing": "active"}])
async def test_pages_follow_one_another(admins: Admins, guests: Guests, query: Json) -> None:
    (sol,) = await admins(1)
    await guests(6)
    whole = await found(sol, **query, limit=100)
    assert len(whole) == 7
    paged: list[str] = []
    cursor: Json = {}
    while True:
        page = good(await sol.http.get(PEOPLE, params={**query, **cursor, "limit": 3}))
        paged += [each["nickname"] for each in page["people"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert paged == whole


async def test_the_page_of_a_person_says_how_much_there_is_of_them(admins: Admins, guests: Guests) -> None:
    (sol,) = await admins(1)
    mina, jun = await guests(2)
    await mina.create()
    await jun.http.post(f"/api/v1/people/{mina.id}/reports", json={"reason": "spam"})
    await mina.http.post(f"/api/v1/people/{jun.id}/reports", json={"reason": "abuse"})
    await suspend(sol, mina)
    shown = good(await sol.http.get(f"{PEOPLE}/{mina.id}"))
    assert (shown["standing"], shown["suspension"]["by"]) == ("suspended", sol.id)
    counts = ("sessions", "rooms", "bots", "files", "file_bytes", "reports_about", "reports_by")
    assert [shown[name] for name in counts] == [0, 1, 0, 0, 0, 1, 1]
    assert (shown["deleted_at"], shown["erased_from"], shown["last_seen_at"]) == (None, None, None)
    refused(await sol.http.get(f"{PEOPLE}/0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"), "person_not_found")


async def test_only_admins_look_and_only_for_one_thing_at_once(
    control: Control, admins: Admins, guests: Guests
) -> None:
    (sol,) = await admins(1)
    (jun,) = await guests(1)
    await control.grant(jun.id, "mentor")
    for path in (PEOPLE, f"{PEOPLE}/{sol.id}"):
        refused(await jun.http.get(path), "forbidden")
        refused(await control.http.get(path), "unauthenticated")
    for query in (
        {"id": sol.id, "email": "a@example.org"}, {"nickname": "a", "phone": "+821012345678"}, {"role": "owner"},
        {"standing": "erased"}, {"nickname": ""}, {"nickname": "x" * 21}, {"cursor": "!!!!"}, {"limit": 0}, {"id": "x"},
    ):  # fmt: skip
        refused(await sol.http.get(PEOPLE, params=query), "invalid")
    refused(await sol.http.get(PEOPLE, params={"phone": "12"}), "phone_invalid")


@pytest.mark.parametrize("act", ["role", "suspension"])
async def test_of_two_admins_who_put_out_each_other_one_is_left(
    control: Control, admins: Admins, guests: Guests, act: str
) -> None:
    sol, dal = await admins(2)
    answers: list[tuple[int, str | None]] = []

    async def put_out(admin: Guest, other: Guest) -> None:
        answer = await (set_roles(admin, other) if act == "role" else suspend(admin, other))
        answers.append((answer.status_code, answer.json().get("code")))

    async with trio.open_nursery() as nursery:
        nursery.start_soon(put_out, sol, dal)
        nursery.start_soon(put_out, dal, sol)
    refusals = [code for status, code in answers if status != 200]
    assert len(refusals) == 1
    assert refusals[0] in {
        "last_admin",
        "forbidden",
        "session_revoked",
    }  # whether it came at once or just after
    left = await ask(
        control.services.db,
        "SELECT count(*) FROM user_roles WHERE role = 'admin' AND user_id NOT IN (SELECT user_id FROM suspensions)",
    )
    assert left == 1


_SEED = """
INSERT INTO users (id, email, nickname, name, phone)
SELECT uuidv7(), n || '@example.org', 'p' || n, 'p', '+' || n FROM generate_series(1, 20000) n;
INSERT INTO user_roles (user_id, role) SELECT id, 'mentee' FROM users;
INSERT INTO user_roles (user_id, role) SELECT id, 'mentor' FROM users WHERE nickname LIKE '%77';
INSERT INTO suspensions (user_id, reason) SELECT id, 'so' FROM users WHERE nickname LIKE '%55';
UPDATE users SET deleted_at = now() WHERE nickname LIKE '%33';
VACUUM ANALYZE
"""


async def test_every_way_to_look_is_two_statements_served_by_an_index(db: Postgres) -> None:
    for statement in _SEED.split(";"):
        await ask(db, statement)
    middle = await ask(db, "SELECT id FROM users ORDER BY id OFFSET 10000 LIMIT 1")
    for index, statement, arguments in (
        ("users_pkey", queries.NEWEST, (middle, 50, None)),
        ("user_roles_of_role", queries.NEWEST_OF_ROLE, (middle, 50, None, "mentor")),
        ("suspensions_pkey", queries.NEWEST_SUSPENDED, (middle, 50, None)),
        ("users_deleted", queries.NEWEST_DELETED, (LAST, 50, None)),
        ("users_nickname_key", queries.BY_NICKNAME, ("", 50, "p123", None, None)),
        ("users_email_key", queries.EXACTLY, (None, "7@example.org", None, None, None)),
        ("users_phone_key", queries.EXACTLY, (None, None, "+7", None, None)),
        ("users_pkey", queries.PEOPLE, ([middle] * 3,)),
    ):
        seen = nodes(await plan(db, statement, *arguments))
        assert index in {node.get("Index Name") for node in seen}, (index, seen)
        assert "users" not in {node["Relation Name"] for node in seen if node["Node Type"] == "Seq Scan"}, (
            index
        )
    counting = Counting(db)
    stores: Any = Stores(counting, None)
    assert len((await finding.people(stores, PeopleQuery(limit=100))).people) == 100
    assert len(counting.statements) == 2
