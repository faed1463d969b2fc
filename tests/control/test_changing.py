"""Another e-mail address, phone number or password: by the owner, by proof, and told to where the account was before."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import trio

from common.feed import AccountChanged
from common.postgres import Connection
from control.identity.mail import MailUnavailable
from tests.control.rooms.conftest import good, refused
from tests.control.test_resets import log_in, prove_email
from tests.control.test_sessions import announced
from tests.support.control import PASSWORD, Control, Person, somebody

NEW = "another walk, along the sea"


async def prove(control: Control, kind: str, person: Person) -> str:
    return await (control.prove(person.phone) if kind == "phone" else prove_email(control, person.email))


async def change(client: httpx.AsyncClient, what: str, **body: Any) -> httpx.Response:
    return await client.put(f"/api/v1/me/{what}", json=body)


async def mails(control: Control, email: str) -> list[str]:
    outbox = (await control.http.get("/api/v1/dev/outbox", params={"email": email})).json()
    return [message["text"] for message in outbox["messages"]]


async def account_news(control: Control) -> list[tuple[str, str]]:
    """Whose devices are told that their account was changed, and what."""
    changes = await announced(control)
    return [(each.user, each.change) for each in changes if isinstance(each, AccountChanged)]


@pytest.mark.parametrize("kind", ["email", "phone"])
async def test_the_owner_changes_a_contact_that_is_proven(control: Control, kind: str) -> None:
    person, new = await control.sign_up(), somebody()
    mina = await control.log_in(person)
    proof = await prove(control, kind, new)
    account = good(await change(mina, kind, proof=proof, password=PASSWORD))
    assert account[kind] == getattr(new, kind)
    assert (await mina.get("/api/v1/me")).json() == account  # the session goes on
    refused(await change(mina, kind, proof=proof, password=PASSWORD), "contact_unproven")
    assert len(await mails(control, person.email)) == 1
    assert await account_news(control) == [(account["id"], kind)]
    setattr(person, kind, getattr(new, kind))
    await control.tokens(person)


async def test_a_proof_of_a_contact_one_has_stands_for_the_password(control: Control) -> None:
    person, new = await control.sign_up(), somebody()
    mina = await control.log_in(person)
    mine, proof = await control.prove(person.phone), await prove_email(control, new.email)
    assert good(await change(mina, "email", proof=proof, owner_proof=mine))["email"] == new.email
    refused(await change(mina, "email", proof=proof, owner_proof=mine), "contact_unproven")
    old = await prove_email(control, person.email)  # the former address is nobody's
    again = await control.prove(new.phone)
    refused(await change(mina, "phone", proof=again, owner_proof=old), "contact_unproven")
    present = await prove_email(control, new.email)
    assert good(await change(mina, "phone", proof=again, owner_proof=present))["phone"] == new.phone


async def test_who_is_only_at_the_device_changes_nothing(control: Control) -> None:
    person, new = await control.sign_up(), somebody()
    mina = await control.log_in(person)
    before = (await mina.get("/api/v1/me")).json()
    proof = await prove_email(control, new.email)
    refused(await change(mina, "email", proof=proof, password="a guess or two"), "password_wrong")
    told = refused(await change(mina, "email", proof=proof), "invalid")
    assert list(told["fields"]) == ["password", "owner_proof"]
    refused(await change(mina, "email", proof=proof, owner_proof=proof), "contact_unproven")
    refused(await change(mina, "password", new=NEW, password="a guess or two"), "password_wrong")
    refused(await change(mina, "password", new=NEW, owner_proof="made up"), "contact_unproven")
    assert (await mina.get("/api/v1/me")).json() == before
    good(await change(mina, "email", proof=proof, password=PASSWORD))  # no refusal used the proof up


async def test_a_contact_of_the_other_kind_is_not_taken(control: Control) -> None:
    mina, new = await control.log_in(await control.sign_up()), somebody()
    for kind, other in (("email", "phone"), ("phone", "email")):
        proof = await prove(control, other, new)
        refused(await change(mina, kind, proof=proof, password=PASSWORD), "contact_unproven")


@pytest.mark.parametrize("kind", ["email", "phone"])
async def test_a_contact_in_use_is_refused_to_who_holds_it_and_its_proof_stays_good(
    control: Control, kind: str
) -> None:
    taken = await control.sign_up()
    mina = await control.log_in(await control.sign_up())
    proof = await prove(control, kind, taken)
    for _ in range(2):
        told = refused(await change(mina, kind, proof=proof, password=PASSWORD), f"{kind}_taken")
        assert list(told["fields"]) == [kind]


async def test_of_two_who_take_one_contact_at_once_one_gets_it(control: Control) -> None:
    new = somebody()
    clients = [await control.log_in(await control.sign_up()) for _ in range(2)]
    proofs = []
    for _ in clients:
        control.clock.pass_seconds(31)
        proofs.append(await prove_email(control, new.email))
    statuses: list[int] = []

    async def take(client: httpx.AsyncClient, proof: str) -> None:
        statuses.append((await change(client, "email", proof=proof, password=PASSWORD)).status_code)

    async with trio.open_nursery() as nursery:
        for client, proof in zip(clients, proofs, strict=True):
            nursery.start_soon(take, client, proof)
    assert sorted(statuses) == [200, 409]


async def test_the_contact_one_has_already_is_no_change(control: Control) -> None:
    person = await control.sign_up()
    mina = await control.log_in(person)
    proof = await control.prove(person.phone)
    assert good(await change(mina, "phone", proof=proof, password=PASSWORD))["phone"] == person.phone
    assert await mails(control, person.email) == []
    assert await account_news(control) == []


# --- passwords --------------------------------------------------------------------------------------------------------


async def test_another_password_ends_every_other_session_and_not_this_one(control: Control) -> None:
    person = await control.sign_up()
    mina, other = await control.log_in(person), await control.tokens(person)
    assert (await change(mina, "password", new=NEW, password=PASSWORD)).status_code == 204
    assert (await mina.get("/api/v1/me")).status_code == 200
    refused(await control.with_token(other["access_token"]).get("/api/v1/me"), "session_revoked")
    again = await control.post("/api/v1/sessions/refresh", {"refresh_token": other["refresh_token"]})
    refused(again, "session_revoked")
    assert await log_in(control, person, PASSWORD) == 401
    assert await log_in(control, person, NEW) == 201
    assert len(await mails(control, person.email)) == 1
    assert [change for _, change in await account_news(control)] == ["password"]


async def test_a_weak_password_is_refused_before_anything_else(control: Control) -> None:
    person = await control.sign_up()
    mina = await control.log_in(person)
    for weak in ("short", "password123!", person.email):
        refused(await change(mina, "password", new=weak, password=PASSWORD), "password_weak")


async def test_who_has_no_password_sets_the_first_one_by_a_proof(control: Control) -> None:
    person = await control.sign_up()
    mina = await control.log_in(person)

    async def forget(connection: Connection) -> None:
        await connection.execute("UPDATE users SET password_hash = NULL WHERE email = $1", person.email)

    await control.services.db.transaction(forget)
    refused(await change(mina, "password", new=NEW, password=PASSWORD), "password_wrong")
    assert (await mina.get("/api/v1/me")).json()["has_password"] is False
    proof = await control.prove(person.phone)
    assert (await change(mina, "password", new=NEW, owner_proof=proof)).status_code == 204
    assert (await mina.get("/api/v1/me")).json()["has_password"] is True
    assert await log_in(control, person, NEW) == 201


async def test_of_many_changes_of_a_password_at_once_one_wins_and_the_others_knew_the_wrong_one(
    control: Control,
) -> None:
    person = await control.sign_up()
    mina, statuses = await control.log_in(person), list[int]()

    async def once(number: int) -> None:
        answer = await change(mina, "password", new=f"{NEW} {number}", password=PASSWORD)
        statuses.append(answer.status_code)

    async with trio.open_nursery() as nursery:
        for number in range(5):
            nursery.start_soon(once, number)
    assert sorted(statuses) == [204, 403, 403, 403, 403]


async def test_guesses_at_an_open_device_are_slowed_down_and_the_right_one_clears_them(
    strict: Control,
) -> None:
    mina = await strict.log_in(await strict.sign_up())
    for _ in range(9):
        refused(await change(mina, "password", new=NEW, password="a guess or two"), "password_wrong")
    assert (await change(mina, "password", new=NEW, password=PASSWORD)).status_code == 204
    for _ in range(10):
        refused(await change(mina, "password", new=NEW, password="a guess or two"), "password_wrong")
    refused(await change(mina, "password", new=PASSWORD, password=NEW), "rate_limited")


async def test_a_mailbox_that_cannot_be_reached_undoes_nothing(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise MailUnavailable("away")

    person = await control.sign_up()
    mina = await control.log_in(person)
    monkeypatch.setattr(control.services.mailer, "mail", away)
    assert (await change(mina, "password", new=NEW, password=PASSWORD)).status_code == 204
    monkeypatch.undo()
    assert await log_in(control, person, NEW) == 201


@pytest.mark.parametrize("what", ["email", "phone", "password"])
async def test_a_stranger_and_what_is_no_proof_change_nothing(control: Control, what: str) -> None:
    refused(await change(control.http, what, proof="x", new=NEW, password="x"), "unauthenticated")
    mina = await control.log_in(await control.sign_up())
    refused(await change(mina, what, password=PASSWORD), "invalid")
    refused(await change(mina, what, proof=7, new=7, password=PASSWORD), "invalid")
    refused(await change(mina, what, proof="x" * 9000, new="x" * 201, password=PASSWORD), "invalid")
