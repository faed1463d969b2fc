"""Roles and suspensions: given by admins, in force at once."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec
import pytest
import trio

from common import feed
from common.ids import uuid7
from common.postgres import Connection
from control.settings import Settings
from tests.support.control import Control, Person, running_control


async def admin(control: Control) -> httpx.AsyncClient:
    """Somebody who may do everything."""
    person = await control.sign_up()

    async def promote(connection: Connection) -> None:
        await connection.execute(
            "INSERT INTO user_roles (user_id, role) SELECT id, 'admin' FROM users WHERE email = $1",
            person.email,
        )

    await control.services.db.transaction(promote)
    return await control.log_in(person)


async def id_of(client: httpx.AsyncClient) -> str:
    user: str = (await client.get("/api/v1/me")).json()["id"]
    return user


async def arrived(control: Control) -> tuple[Person, httpx.AsyncClient, str]:
    """Somebody with a session, and their id."""
    person = await control.sign_up()
    client = await control.log_in(person)
    return person, client, await id_of(client)


async def news(control: Control) -> list[feed.UserChanged]:
    """What was announced of people's standing."""

    async def select(connection: Connection) -> list[Any]:
        return await connection.fetch("SELECT data FROM outbox ORDER BY id")

    rows = await control.services.db.read(select)
    changes = [msgspec.json.decode(row["data"], type=feed.AnyChange) for row in rows]
    return [change for change in changes if isinstance(change, feed.UserChanged)]


async def test_roles_are_given_and_taken_and_told_once(control: Control) -> None:
    boss = await admin(control)
    _, arin, user = await arrived(control)
    path = f"/api/v1/admin/people/{user}/roles"
    for asked, given in (
        (["mentor"], ["mentee", "mentor"]),
        (["mentor", "mentee"], ["mentee", "mentor"]),
        ([], ["mentee"]),
    ):
        answer = await boss.put(path, json={"roles": asked})
        assert (answer.status_code, answer.json()["roles"]) == (200, given)
        assert (await arin.get("/api/v1/me")).json()["roles"] == given
        assert (await boss.get(f"/api/v1/admin/people/{user}/standing")).json()["roles"] == given
    assert await news(control) == [feed.UserChanged(user=user)] * 2


async def test_who_is_suspended_is_out_and_stays_out_until_it_is_taken_back(control: Control) -> None:
    boss = await admin(control)
    person, arin, user = await arrived(control)
    path = f"/api/v1/admin/people/{user}/suspension"
    for reason in ("the first", "another"):
        answer = await boss.put(path, json={"reason": reason})
        assert answer.status_code == 200
        assert answer.json()["suspension"] == {
            "since": control.clock.now_ms, "reason": "the first", "by": await id_of(boss)
        }  # fmt: skip
    assert (await arin.get("/api/v1/me")).json()["code"] == "session_revoked"
    login = {"email": person.email, "password": person.password}
    refused = await control.post("/api/v1/sessions", login)
    assert (refused.status_code, refused.json()["code"]) == (403, "suspended")
    wrong = await control.post("/api/v1/sessions", {**login, "password": "something else entirely"})
    assert wrong.json()["code"] == "credentials_wrong"  # nobody else learns of it
    for _ in range(2):
        assert "suspension" not in {
            name for name, value in (await boss.delete(path)).json().items() if value is not None
        }
    await control.tokens(person)
    assert await news(control) == [feed.UserChanged(user=user)] * 2


async def test_a_log_in_and_a_suspension_at_once_leave_no_live_session(control: Control) -> None:
    boss = await admin(control)
    person, _, user = await arrived(control)
    login = {"email": person.email, "password": person.password}

    async def log_in() -> None:
        await control.post("/api/v1/sessions", login)

    async with trio.open_nursery() as nursery:
        for _ in range(6):
            nursery.start_soon(log_in)
        await boss.put(f"/api/v1/admin/people/{user}/suspension", json={"reason": "now"})

    async def live(connection: Connection) -> int:
        count: int = await connection.fetchval(
            "SELECT count(*) FROM sessions WHERE user_id = $1 AND revoked_at IS NULL", user
        )
        return count

    assert await control.services.db.read(live) == 0


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [
        ("PUT", "roles", {"roles": ["admin"]}),
        ("PUT", "suspension", {"reason": "so"}),
        ("DELETE", "suspension", None),
    ],
)
async def test_refusals(control: Control, method: str, what: str, body: Any) -> None:
    boss = await admin(control)
    _, arin, user = await arrived(control)
    for client, whom, code in (
        (arin, await id_of(boss), "forbidden"), (arin, user, "forbidden"), (control.http, user, "unauthenticated"),
        (boss, await id_of(boss), "not_oneself"), (boss, uuid7(), "person_not_found"), (boss, "x", "invalid"),
    ):  # fmt: skip
        answer = await client.request(method, f"/api/v1/admin/people/{whom}/{what}", json=body)
        assert answer.json()["code"] == code, (whom, answer.text)
    assert await news(control) == []


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("roles", {}), ("roles", {"roles": ["owner"]}), ("roles", {"roles": ["mentor"] * 4}),
        ("suspension", {}), ("suspension", {"reason": ""}), ("suspension", {"reason": " \n"}),
        ("suspension", {"reason": "x" * 501}),
    ],
)  # fmt: skip
async def test_what_is_no_role_or_reason_is_refused(control: Control, what: str, body: Any) -> None:
    boss = await admin(control)
    _, _, user = await arrived(control)
    answer = await boss.put(f"/api/v1/admin/people/{user}/{what}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_what_a_role_permitted_is_refused_as_soon_as_it_is_taken(
    control: Control, control_settings: Settings
) -> None:
    boss, (_, sol, user) = await admin(control), await arrived(control)
    path = f"/api/v1/admin/people/{user}/roles"
    await boss.put(path, json={"roles": ["admin"]})
    async with running_control(control_settings) as other:  # another process, the same token
        elsewhere = other.with_token(sol.headers["authorization"].removeprefix("Bearer "))
        for client in (sol, elsewhere):
            assert (
                await client.get("/api/v1/admin/audit")
            ).status_code == 200  # a role that was given counts, too
        await boss.put(path, json={"roles": []})
        for client in (sol, elsewhere):
            assert (await client.get("/api/v1/admin/audit")).json()["code"] == "forbidden"
            assert (await client.get("/api/v1/me")).status_code == 200
