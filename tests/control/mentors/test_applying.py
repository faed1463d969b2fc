"""Becoming a mentor: one application at a time, decided once; approval makes the role, the card and the news together."""

from __future__ import annotations

import re
from collections.abc import Awaitable
from typing import Any

import httpx
import pytest
import trio

from common import feed
from common.postgres import Connection
from control.mentors.routes import operations
from tests.control.mentors.conftest import AddPaper, Admins, Mentors
from tests.control.rooms.conftest import Guest, Guests, Json, News, good, refused
from tests.support.control import Control

NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"
SAID: Json = {
    "company": "마당  연구소",
    "department": "데이터베이스 팀",
    "introduction": "십 년째\n데이터베이스를 만집니다",
    "hours": [
        {"day": 3, "begins": "19:00", "ends": "21:00"},
        {"day": 1, "begins": "22:00", "ends": "24:00"},
        {"day": 1, "begins": "19:00", "ends": "22:00"},
    ],
    "categories": ["development", "development", "career"],
}


async def apply(guest: Guest, **said: Any) -> httpx.Response:
    return await guest.http.post("/api/v1/me/mentor-applications", json=SAID | said)


async def decide(admin: Guest, application: str, reason: str | None = None) -> httpx.Response:
    path = f"/api/v1/admin/mentor-applications/{application}"
    if reason is None:
        return await admin.http.post(f"{path}/approve")
    return await admin.http.post(f"{path}/reject", json={"reason": reason})


async def applications(admin: Guest, **query: Any) -> list[Json]:
    found: list[Json] = good(await admin.http.get("/api/v1/admin/mentor-applications", params=query))[
        "applications"
    ]
    return found


async def roles(control: Control, person: Guest) -> set[str]:
    async def read(connection: Connection) -> set[str]:
        rows = await connection.fetch("SELECT role FROM user_roles WHERE user_id = $1", person.id)
        return {row["role"] for row in rows}

    return await control.services.db.read(read)


async def test_an_application_waits_with_all_it_says_and_its_certificates(
    guests: Guests, admins: Admins, paper: AddPaper
) -> None:
    (mina,) = await guests(1)
    (sol,) = await admins(1)
    upload = await paper(mina)
    made = good(await apply(mina, certificates=[upload, upload]), 201)
    assert made["state"] == "pending"
    assert (made["company"], made["categories"]) == ("마당 연구소", ["development", "career"])
    assert [(each["day"], each["begins"]) for each in made["hours"]] == [
        (1, "19:00"),
        (1, "22:00"),
        (3, "19:00"),
    ]
    assert made["certificates"] == [{"id": upload, "name": "증명서.pdf"}]
    assert (made["reason"], made["decided_at"]) == ("", None)
    assert await applications(sol) == [made]
    mine = good(await mina.http.get("/api/v1/me/mentor-applications"))
    assert mine == {"applications": [made], "next": None}


async def test_who_is_approved_is_a_mentor_at_once_and_hears_of_it(
    control: Control, guests: Guests, admins: Admins, news: News
) -> None:
    (mina,) = await guests(1)
    (sol,) = await admins(1)
    made = good(await apply(mina), 201)
    refused(await sol.http.get(f"/api/v1/mentors/{mina.id}"), "mentor_not_found")
    assert (await decide(sol, made["id"])).status_code == 204
    assert "mentor" in await roles(control, mina)
    card = good(await sol.http.get(f"/api/v1/mentors/{mina.id}"))
    assert (card["nickname"], card["company"], card["followers"], card["rating"]) == (
        mina.nickname,
        "마당 연구소",
        0,
        None,
    )
    assert await news() == [
        feed.UserChanged(user=mina.id),
        feed.ApplicationDecided(user=mina.id, application=made["id"], state="authorized", reason=""),
    ]
    (decided,) = await applications(sol, state="authorized")
    assert decided["decided_at"] is not None
    assert await applications(sol) == []
    refused(await apply(mina), "already_mentor")


async def test_who_is_rejected_reads_why_and_may_apply_again(
    control: Control, guests: Guests, admins: Admins, news: News
) -> None:
    (mina,) = await guests(1)
    (sol,) = await admins(1)
    first = good(await apply(mina), 201)
    assert (await decide(sol, first["id"], "증명서가 없습니다")).status_code == 204
    assert "mentor" not in await roles(control, mina)
    assert (await news())[-1] == feed.ApplicationDecided(
        user=mina.id, application=first["id"], state="rejected", reason="증명서가 없습니다"
    )
    second = good(await apply(mina), 201)
    mine = good(await mina.http.get("/api/v1/me/mentor-applications", params={"limit": 1}))
    assert [each["id"] for each in mine["applications"]] == [second["id"]]
    rest = good(await mina.http.get("/api/v1/me/mentor-applications", params={"cursor": mine["next"]}))
    assert [(each["id"], each["reason"]) for each in rest["applications"]] == [
        (first["id"], "증명서가 없습니다")
    ]
    assert (await decide(sol, second["id"])).status_code == 204
    assert "mentor" in await roles(control, mina)


async def test_one_application_waits_however_many_are_sent_at_once(guests: Guests, admins: Admins) -> None:
    (mina,) = await guests(1)
    (sol,) = await admins(1)
    codes: list[str] = []

    async def send() -> None:
        codes.append((await apply(mina)).json().get("code", "applied"))

    async with trio.open_nursery() as nursery:
        for _ in range(10):
            nursery.start_soon(send)
    assert sorted(codes) == ["application_pending"] * 9 + ["applied"]
    assert len(await applications(sol)) == 1


async def test_the_first_decision_stands_and_to_say_it_again_changes_nothing(
    guests: Guests, admins: Admins, news: News
) -> None:
    (mina,) = await guests(1)
    sol, dan = await admins(2)
    made = good(await apply(mina), 201)["id"]
    codes: list[str] = []

    async def send(admin: Guest, reason: str | None) -> None:
        answer = await decide(admin, made, reason)
        codes.append("done" if answer.status_code == 204 else answer.json()["code"])

    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(send, sol, None)
            nursery.start_soon(send, dan, "no")
    assert sorted(codes) == ["application_decided"] * 5 + ["done"] * 5
    decided = [each for each in await news() if isinstance(each, feed.ApplicationDecided)]
    assert len(decided) == 1
    deeds = good(await sol.http.get("/api/v1/admin/audit"))["deeds"]
    assert [(each["act"], each["person"]["id"], each["object"]) for each in deeds] == [
        (f"mentor.{decided[0].state}", mina.id, made)
    ]


async def withdraw(guest: Guest, application: str) -> httpx.Response:
    return await guest.http.delete(f"/api/v1/me/mentor-applications/{application}")


async def test_who_thinks_better_of_it_has_not_applied_and_may_apply_again(
    guests: Guests, admins: Admins, paper: AddPaper
) -> None:
    mina, jun = await guests(2)
    (sol,) = await admins(1)
    upload = await paper(mina)
    made = good(await apply(mina, certificates=[upload]), 201)["id"]
    assert (await withdraw(jun, made)).status_code == 204  # which is nothing of his
    assert len(await applications(sol)) == 1
    for _ in range(2):
        assert (await withdraw(mina, made)).status_code == 204
    assert await applications(sol) == []
    refused(await decide(sol, made), "application_not_found")
    again = good(await apply(mina, certificates=[upload]), 201)["id"]
    assert (await decide(sol, again, "no")).status_code == 204
    refused(await withdraw(mina, again), "application_decided")
    assert (await withdraw(jun, again)).status_code == 204
    refused(await withdraw(mina, "1"), "invalid")


async def test_either_it_is_withdrawn_or_it_is_decided(
    control: Control, guests: Guests, admins: Admins
) -> None:
    people = await guests(6)
    (sol,) = await admins(1)
    for mina in people:
        made = good(await apply(mina), 201)["id"]
        codes: dict[str, str] = {}

        async def keep(name: str, answer: Awaitable[httpx.Response], codes: dict[str, str] = codes) -> None:
            codes[name] = "done" if (said := await answer).status_code == 204 else said.json()["code"]

        async with trio.open_nursery() as nursery:
            nursery.start_soon(keep, "decide", decide(sol, made))
            nursery.start_soon(keep, "withdraw", withdraw(mina, made))
        assert codes in (
            {"decide": "done", "withdraw": "application_decided"},
            {"decide": "application_not_found", "withdraw": "done"},
        )
        assert ("mentor" in await roles(control, mina)) == (codes["decide"] == "done")


async def test_nobody_decides_on_his_own(admins: Admins) -> None:
    sol, dan = await admins(2)
    made = good(await apply(sol), 201)["id"]
    refused(await decide(sol, made), "not_oneself")
    refused(await decide(sol, made, "no"), "not_oneself")
    assert (await decide(dan, made)).status_code == 204


async def test_only_ones_own_confirmed_certificates_are_taken(guests: Guests, paper: AddPaper) -> None:
    mina, jun = await guests(2)
    for upload in (
        await paper(jun),
        await paper(mina, "avatar"),
        await paper(mina, confirmed=False),
        NOBODY,
    ):
        problem = refused(await apply(mina, certificates=[upload]), "certificate_not_found")
        assert upload in problem["fields"]["certificates"]
    assert good(await mina.http.get("/api/v1/me/mentor-applications"))["applications"] == []


@pytest.mark.parametrize(
    "said",
    [
        {"company": ""},
        {"company": " "},
        {"company": "x" * 61},
        {"introduction": "\n \n"},
        {"introduction": "x" * 2001},
        {"introduction": "a\x07b"},
        {"categories": []},
        {"categories": ["a", "b", "c", "d", "e", "f"]},
        {"hours": [{"day": 0, "begins": "10:00", "ends": "11:00"}]},
        {"hours": [{"day": 1, "begins": "25:00", "ends": "26:00"}]},
        {"hours": [{"day": 1, "begins": "11:00", "ends": "11:00"}]},
        {
            "hours": [
                {"day": 1, "begins": "10:00", "ends": "12:00"},
                {"day": 1, "begins": "11:00", "ends": "13:00"},
            ]
        },
        {"certificates": ["mina"]},
        {"certificates": [NOBODY] * 11},
    ],
)
async def test_what_is_no_application_is_refused(guests: Guests, said: Json) -> None:
    (mina,) = await guests(1)
    refused(await apply(mina, **said), "invalid")


async def test_a_category_that_is_not_offered_is_refused(guests: Guests) -> None:
    (mina,) = await guests(1)
    problem = refused(await apply(mina, categories=["development", "gardening"]), "category_unknown")
    assert problem["fields"] == {"categories": "gardening"}


async def test_what_is_no_decision_is_refused(guests: Guests, admins: Admins) -> None:
    (sol,) = await admins(1)
    (mina,) = await guests(1)
    refused(await decide(sol, NOBODY), "application_not_found")
    refused(await decide(sol, NOBODY, "no"), "application_not_found")
    refused(await decide(sol, "1"), "invalid")
    made = good(await apply(mina), 201)["id"]
    for reason in ("", " ", "x" * 501):
        refused(await decide(sol, made, reason), "invalid")
    refused(await decide(mina, made), "forbidden")
    refused(await mina.http.get("/api/v1/admin/mentor-applications"), "forbidden")


async def test_every_operation_asks_who_it_is(control: Control) -> None:
    for operation in operations.table:
        path = re.sub(r"{\w+}", NOBODY, operation.path)
        body = {} if operation.body else None
        refused(await control.http.request(operation.method, path, json=body), "unauthenticated")


async def test_who_lost_the_role_applies_again_and_finds_followers_where_they_were(
    control: Control, guests: Guests, admins: Admins, mentors: Mentors
) -> None:
    (mina,) = await mentors(1)
    (jun,) = await guests(1)
    (sol,) = await admins(1)
    assert (await jun.http.put(f"/api/v1/me/follows/{mina.id}")).status_code == 204
    good(await sol.http.put(f"/api/v1/admin/people/{mina.id}/roles", json={"roles": ["mentee"]}))
    refused(await jun.http.get(f"/api/v1/mentors/{mina.id}"), "mentor_not_found")
    made = good(await apply(mina), 201)
    assert (await decide(sol, made["id"])).status_code == 204
    card = good(await jun.http.get(f"/api/v1/mentors/{mina.id}"))
    assert (card["followers"], card["following"], card["company"]) == (1, True, "마당 연구소")
