"""A deleted account is shut at once, is found by nobody, keeps what is its own, and comes back as it was."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import trio

from common.ids import uuid7
from common.units import DAYS
from control.settings import Settings
from tests.control.reports.conftest import Admins
from tests.control.rooms.conftest import Guest, Guests, Json, good, refused
from tests.control.rooms.test_plans import ask
from tests.support.control import Control, Person, somebody

DELETE_ME = "/api/v1/me/deletion"
PEOPLE = "/api/v1/admin/people"


async def arrived(control: Control) -> tuple[Person, httpx.AsyncClient, str]:
    """Somebody with a session, and their id."""
    person = await control.sign_up()
    client = await control.log_in(person)
    return person, client, (await client.get("/api/v1/me")).json()["id"]


async def delete(admin: Guest, user: str, reason: str = "스스로 원해서") -> httpx.Response:
    return await admin.http.put(f"{PEOPLE}/{user}/deletion", json={"reason": reason})


async def restore(admin: Guest, user: str) -> httpx.Response:
    return await admin.http.delete(f"{PEOPLE}/{user}/deletion")


async def try_log_in(control: Control, person: Person, password: str | None = None) -> Json:
    body = {"email": person.email, "password": password or person.password}
    answer: Json = (await control.post("/api/v1/sessions", body)).json()
    return answer


async def test_who_deletes_himself_is_out_everywhere_and_told_so(control: Control) -> None:
    person, phone, user = await arrived(control)
    laptop = await control.log_in(person)
    tokens = await control.tokens(person)
    assert (await phone.post(DELETE_ME, json={"password": person.password})).status_code == 204
    for client in (phone, laptop):
        refused(await client.get("/api/v1/me"), "session_revoked")
    refused(
        await control.post("/api/v1/sessions/refresh", {"refresh_token": tokens["refresh_token"]}),
        "session_revoked",
    )
    assert (await try_log_in(control, person))["code"] == "account_deleted"
    assert (await try_log_in(control, person, "not the right one"))["code"] == "credentials_wrong"
    outbox = (await control.http.get("/api/v1/dev/outbox", params={"email": person.email})).json()
    assert "30 days" in outbox["messages"][0]["text"]
    assert (
        await ask(
            control.services.db, "SELECT count(*) FROM outbox WHERE data LIKE $1", f"%user.changed%{user}%"
        )
        == 1
    )


@pytest.mark.parametrize("contact", ["phone", "email"])
async def test_a_fresh_code_does_in_the_place_of_a_password_once(control: Control, contact: str) -> None:
    person, client, _ = await arrived(control)
    control.clock.pass_seconds(60)
    if contact == "phone":
        proof = await control.prove(person.phone)
    else:
        await control.post("/api/v1/email-codes", {"email": person.email})
        outbox = (await control.http.get("/api/v1/dev/outbox", params={"email": person.email})).json()
        code = outbox["messages"][0]["text"].rpartition("code is ")[2][:6]
        proven = await control.post("/api/v1/email-codes/verify", {"email": person.email, "code": code})
        proof = proven.json()["proof"]
    other, others, _ = await arrived(control)
    refused(
        await others.post(DELETE_ME, json={"owner_proof": proof}), "contact_unproven"
    )  # of another's contact
    assert (await client.post(DELETE_ME, json={"owner_proof": proof})).status_code == 204
    assert "user" in await try_log_in(control, other)


async def test_nobody_deletes_himself_without_showing_that_it_is_he(control: Control, guests: Guests) -> None:
    person, client, _ = await arrived(control)
    told = refused(await client.post(DELETE_ME, json={}), "invalid")
    assert set(told["fields"]) == {"password", "owner_proof"}  # who has no password learns of the other way
    refused(await client.post(DELETE_ME, json={"password": "not the right one"}), "password_wrong")
    refused(await client.post(DELETE_ME, json={"owner_proof": "x" * 43}), "contact_unproven")
    refused(await client.post(DELETE_ME, json={"password": ["x"]}), "invalid")
    refused(
        await client.post(DELETE_ME, content=b"{", headers={"content-type": "application/json"}), "malformed"
    )
    refused(await control.http.post(DELETE_ME, json={"password": person.password}), "unauthenticated")
    assert (await client.get("/api/v1/me")).status_code == 200


async def test_of_many_who_delete_one_account_at_once_one_does(control: Control, admins: Admins) -> None:
    sol, dal = await admins(2)
    person, client, user = await arrived(control)
    answers: list[int] = []

    async def leave() -> None:
        answers.append((await client.post(DELETE_ME, json={"password": person.password})).status_code)

    async with trio.open_nursery() as nursery:
        for admin in (sol, dal):
            nursery.start_soon(delete, admin, user)
        for _ in range(4):
            nursery.start_soon(leave)
    assert set(answers) <= {204, 401, 403}
    assert await ask(control.services.db, "SELECT count(*) FROM outbox WHERE data LIKE '%user.changed%'") == 1
    live = "SELECT count(*) FROM sessions WHERE user_id = $1 AND revoked_at IS NULL"
    assert await ask(control.services.db, live, user) == 0


async def test_an_admin_deletes_and_restores_and_both_are_in_the_audit(
    control: Control, admins: Admins
) -> None:
    (sol,) = await admins(1)
    person, _, user = await arrived(control)
    for reason in ("첫째", "둘째"):
        shown = good(await delete(sol, user, reason))
        assert (shown["standing"], shown["deleted_at"]) == ("deleted", control.clock.now_ms)
        assert shown["erased_from"] == control.clock.now_ms + int(30 * DAYS * 1000)
    listed = good(await sol.http.get(PEOPLE, params={"standing": "deleted"}))["people"]
    assert [each["id"] for each in listed] == [user]
    for _ in range(2):
        shown = good(await restore(sol, user))
        assert (shown["standing"], shown["deleted_at"]) == ("active", None)
    assert "user" in await try_log_in(control, person)
    deeds = good(await sol.http.get("/api/v1/admin/audit"))["deeds"]
    assert [(deed["act"], deed["detail"]) for deed in deeds] == [
        ("people.restored", {}), ("people.deleted", {"reason": "첫째"})
    ]  # fmt: skip


async def test_until_erasure_the_address_the_number_and_the_nickname_are_kept(
    control: Control, admins: Admins
) -> None:
    (sol,) = await admins(1)
    person, _, user = await arrived(control)
    good(await delete(sol, user))
    control.clock.pass_seconds(60)
    for taken in ("email", "phone", "nickname"):
        other = somebody()
        setattr(other, taken, getattr(person, taken))
        refused(await control.http.post("/api/v1/accounts", json=await control.form(other)), f"{taken}_taken")
        control.clock.pass_seconds(60)
    refused(
        await control.post(
            "/api/v1/password-resets",
            {"proof": await control.prove(person.phone), "password": "another-long-walk-home"},
        ),
        "account_not_found",
    )


async def test_nobody_finds_who_was_deleted_and_everything_is_back_when_restored(
    admins: Admins, guests: Guests
) -> None:
    (sol,) = await admins(1)
    mina, jun = await guests(2)
    assert (await jun.http.put(f"/api/v1/me/relations/friend/{mina.id}")).status_code == 204
    room = (await mina.create())["id"]
    await jun.join(room)

    async def seen() -> tuple[list[str], list[str]]:
        people = good(await jun.http.get("/api/v1/people", params={"ids": mina.id}))["people"]
        friends = good(await jun.http.get("/api/v1/me/relations/friend"))["people"]
        return [each["id"] for each in people], [each["id"] for each in friends]

    assert await seen() == ([mina.id], [mina.id])
    good(await delete(sol, mina.id))
    assert await seen() == ([], [])
    refused(await jun.http.put(f"/api/v1/me/relations/favourite/{mina.id}"), "person_not_found")
    refused(await jun.http.post("/api/v1/rooms/direct", json={"person": mina.id}), "person_not_found")
    refused(
        await jun.http.post(f"/api/v1/rooms/{room}/invitations", json={"people": [mina.id]}),
        "person_not_found",
    )
    good(await restore(sol, mina.id))
    assert await seen() == ([mina.id], [mina.id])
    assert {each["id"] for each in (await jun.members(room))["members"]} == {mina.id, jun.id}


async def test_a_bot_is_silent_while_its_owner_is_deleted(
    control: Control, admins: Admins, guests: Guests
) -> None:
    (sol,) = await admins(1)
    (mina,) = await guests(1)
    await control.grant(mina.id, "mentor")
    bot = good(await mina.http.post("/api/v1/bots", json={"nickname": "점심봇"}), 201)
    wanted = {"name": "부엌", "scopes": ["read"]}
    secret = good(await mina.http.post(f"/api/v1/bots/{bot['id']}/tokens", json=wanted), 201)["secret"]
    access = good(await control.post("/api/v1/bots/token", {"token": secret}))["access_token"]
    good(await delete(sol, mina.id))
    refused(await control.post("/api/v1/bots/token", {"token": secret}), "account_deleted")
    async with control.with_token(access) as client:
        refused(await client.get("/api/v1/rooms"), "session_revoked")
    good(await restore(sol, mina.id))
    good(await control.post("/api/v1/bots/token", {"token": secret}))


async def test_the_last_admin_cannot_leave(control: Control, control_settings: Settings) -> None:
    person, client, user = await arrived(control)
    await control.grant(user, "admin")
    refused(await client.post(DELETE_ME, json={"password": person.password}), "last_admin")
    assert (await client.get("/api/v1/me")).status_code == 200
    _, _, heir = await arrived(control)
    await control.grant(heir, "admin")
    assert (await client.post(DELETE_ME, json={"password": person.password})).status_code == 204


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
async def test_refusals(control: Control, admins: Admins, guests: Guests, method: str) -> None:
    (sol,) = await admins(1)
    (jun,) = await guests(1)
    await control.grant(jun.id, "mentor")
    body: Any = {"reason": "so"} if method == "PUT" else None
    for client, whom, code in (
        (jun.http, sol.id, "forbidden"), (control.http, jun.id, "unauthenticated"), (sol.http, sol.id, "not_oneself"),
        (sol.http, uuid7(), "person_not_found"), (sol.http, "x", "invalid"),
    ):  # fmt: skip
        refused(await client.request(method, f"{PEOPLE}/{whom}/deletion", json=body), code)
    for reason in ("", " \n", "x" * 501):
        refused(await delete(sol, jun.id, reason), "invalid")
