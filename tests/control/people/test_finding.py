"""Finding people by what one knows of them exactly, and not being found."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from control.people import queries
from tests.control.people.test_relations import put
from tests.control.rooms.conftest import Guests, Json, good, refused
from tests.control.rooms.test_plans import ask, db, nodes, pages_read, plan
from tests.support.control import Control, Person, somebody

__all__ = ["db"]
WAYS = ("nickname", "email", "phone")


async def find(client: httpx.AsyncClient, **known: Any) -> httpx.Response:
    return await client.post("/api/v1/people/find", json=known)


async def found(client: httpx.AsyncClient, **known: Any) -> Json | None:
    person: Json | None = good(await find(client, **known))["person"]
    return person


async def arrived(control: Control) -> tuple[Person, httpx.AsyncClient]:
    person = await control.sign_up()
    return person, await control.log_in(person)


async def test_somebody_is_found_by_what_one_knows_exactly_however_it_is_written(control: Control) -> None:
    mina, _ = await arrived(control)
    _, jun = await arrived(control)
    local = "0" + mina.phone.removeprefix("+82")
    for known in (
        {"nickname": mina.nickname},
        {"nickname": f" {mina.nickname.upper()} "},
        {"email": mina.email},
        {"email": mina.email.upper()},
        {"phone": mina.phone},
        {"phone": f"{local[:3]}-{local[3:7]}-{local[7:]}"},
    ):
        person = await found(jun, **known)
        assert person is not None, known
        assert (person["nickname"], person["bot"], person["avatar"]) == (mina.nickname, False, None)
        assert set(person) == {"id", "nickname", "bot", "avatar"}  # what one did not know, one does not learn
    assert await found(jun, nickname=mina.nickname[:-1]) is None


@pytest.mark.parametrize("way", WAYS)
async def test_who_does_not_want_to_be_found_so_is_as_one_who_never_came(control: Control, way: str) -> None:
    mina, at_minas = await arrived(control)
    _, jun = await arrived(control)
    others = [each for each in WAYS if each != way]
    account = good(await at_minas.patch("/api/v1/me", json={"found_by": [*others, others[0]]}))
    assert account["found_by"] == sorted(others)
    hidden, absent = [await find(jun, **{way: getattr(person, way)}) for person in (mina, somebody())]
    assert (
        (hidden.status_code, hidden.json()) == (absent.status_code, absent.json()) == (200, {"person": None})
    )
    for other in others:
        assert await found(jun, **{other: getattr(mina, other)}) is not None
    assert (await at_minas.get("/api/v1/me")).json()["found_by"] == sorted(others)


async def test_across_a_block_nobody_is_found_and_the_blocker_finds(guests: Guests) -> None:
    mina, jun = await guests(2)
    await put(mina, "blocked", jun)
    assert await found(jun.http, nickname=mina.nickname) is None
    person = await found(mina.http, nickname=jun.nickname)
    assert person is not None
    assert person["id"] == jun.id


@pytest.mark.parametrize(
    ("known", "code"),
    [
        ({}, "invalid"),
        ({"nickname": "아린", "email": "a@example.org"}, "invalid"),
        ({"nickname": "a"}, "invalid"),
        ({"nickname": 7}, "invalid"),
        ({"nickname": "x" * 21}, "invalid"),
        ({"email": "nobody"}, "invalid"),
        ({"phone": "0101"}, "invalid"),
        ({"phone": "not a number"}, "phone_invalid"),
    ],
)
async def test_a_question_that_is_none_is_refused(guests: Guests, known: Json, code: str) -> None:
    (mina,) = await guests(1)
    refused(await find(mina.http, **known), code)


async def test_nobody_tries_numbers_one_by_one(strict: Control) -> None:
    _, mina = await arrived(strict)
    for _ in range(60):
        assert await found(mina, phone="010-2345-6789") is None
    told = refused(await find(mina, phone="010-2345-6789"), "rate_limited")
    assert told["retry_after_ms"] == 60_000


async def test_a_stranger_finds_nobody(control: Control) -> None:
    refused(await find(control.http, nickname="아린"), "unauthenticated")


async def test_each_way_is_served_by_its_index(db: Any) -> None:
    await ask(
        db,
        "INSERT INTO users (id, email, nickname, name, phone, password_hash)"
        " SELECT uuidv7(), n || '@example.org', 'p' || n, 'p', '+' || n, '' FROM generate_series(1, 5000) n",
    )
    await ask(db, "VACUUM ANALYZE")
    me = await ask(db, "SELECT min(id::text)::uuid FROM users")
    for index, statement, known in (
        ("users_nickname_key", queries.FIND_BY_NICKNAME, "P77"),
        ("users_email_key", queries.FIND_BY_EMAIL, "77@example.org"),
        ("users_phone_key", queries.FIND_BY_PHONE, "+77"),
    ):
        root = await plan(db, statement, known, me)
        assert index in {node.get("Index Name") for node in nodes(root)}
        assert root["Actual Rows"] == 1
        assert pages_read(root) < 20
