"""From a phone number to an account: what is promised to the person, and what is kept from strangers."""

from __future__ import annotations

from typing import Any

import trio

from common.postgres import Connection, open_session
from tests.support.categories import offer
from tests.support.control import PATIENCE, Control, Person, somebody


async def ask(control: Control, phone: str) -> Any:
    return await control.http.post("/api/v1/phone-codes", json={"phone": phone})


async def verify(control: Control, phone: str, code: str) -> Any:
    return await control.http.post("/api/v1/phone-codes/verify", json={"phone": phone, "code": code})


def wrong(code: str) -> str:
    """A code that is not `code`."""
    return f"{(int(code) + 1) % 10**6:06}"


async def test_somebody_signs_up_logs_in_and_sees_their_account(control: Control) -> None:
    await offer(control, "hiking", "kimchi")
    person = await control.sign_up(gender="female", interests=["hiking", "kimchi", "hiking"])
    me = (await (await control.log_in(person)).get("/api/v1/me")).json()
    assert me["email"] == person.email
    assert me["nickname"] == person.nickname
    assert me["roles"] == ["mentee"]
    assert "room.create" in me["permissions"]
    assert me["interests"] == ["hiking", "kimchi"]
    assert me["created_at"] == control.clock.now_ms


# --- the code ---------------------------------------------------------------------------------------------------------


async def test_a_number_in_use_gets_the_same_answer_as_a_free_one(control: Control) -> None:
    taken, free = await control.sign_up(), somebody()
    answers = [await ask(control, person.phone) for person in (taken, free)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()


async def test_one_number_however_it_is_written(control: Control) -> None:
    for written in (
        "010-1234-5678",
        "01012345678",
        "+82 10-1234-5678",
        "+821012345678",
        "０１０－１２３４－５６７８",
    ):
        await ask(control, written)
        code = await control.code_of("010 1234 5678")
        assert (await verify(control, "+821012345678", code)).status_code == 200, written


async def test_what_is_no_phone_number(control: Control) -> None:
    for phone in ("12345", "hello", "+8210", "+999123456789", "010-1234-5678-9012"):
        answer = await ask(control, phone)
        assert (answer.status_code, answer.json()["code"]) == (422, "phone_invalid"), phone
        assert list(answer.json()["fields"]) == ["phone"]


async def test_a_code_lives_three_minutes(control: Control) -> None:
    phone = somebody().phone
    await ask(control, phone)
    control.clock.pass_seconds(180)
    answer = await verify(control, phone, await control.code_of(phone))
    assert (answer.status_code, answer.json()["code"]) == (410, "code_expired")


async def test_a_code_is_good_once(control: Control) -> None:
    phone = somebody().phone
    await ask(control, phone)
    code = await control.code_of(phone)
    assert (await verify(control, phone, code)).status_code == 200
    assert (await verify(control, phone, code)).json()["code"] == "code_expired"


async def test_five_tries_and_the_right_code_comes_too_late(control: Control) -> None:
    phone = somebody().phone
    await ask(control, phone)
    code = await control.code_of(phone)
    for _ in range(5):
        assert (await verify(control, phone, wrong(code))).json()["code"] == "code_wrong"
    answer = await verify(control, phone, code)
    assert (answer.status_code, answer.json()["code"]) == (429, "code_exhausted")


async def test_guessing_from_many_places_at_once_gets_five_tries_in_all(control: Control) -> None:
    phone = somebody().phone
    await ask(control, phone)
    code = await control.code_of(phone)
    said: list[str] = []

    async def guess() -> None:
        said.append((await verify(control, phone, wrong(code))).json()["code"])

    async with trio.open_nursery() as nursery:
        for _ in range(20):
            nursery.start_soon(guess)
    assert sorted(said) == ["code_exhausted"] * 15 + ["code_wrong"] * 5


async def test_another_code_after_thirty_seconds_and_only_the_new_one_counts(control: Control) -> None:
    phone = somebody().phone
    await ask(control, phone)
    first = await control.code_of(phone)
    control.clock.pass_seconds(10)
    hasty = await ask(control, phone)
    assert (hasty.status_code, hasty.json()["code"]) == (429, "code_too_soon")
    assert hasty.json()["retry_after_ms"] == 20_000
    assert hasty.headers["retry-after"] == "20"
    control.clock.pass_seconds(20)
    assert (await ask(control, phone)).status_code == 202
    second = await control.code_of(phone)
    if first != second:
        assert (await verify(control, phone, first)).json()["code"] == "code_wrong"
    assert (await verify(control, phone, second)).status_code == 200


async def test_two_requests_for_a_code_at_one_moment_send_one(control: Control) -> None:
    phone = somebody().phone
    statuses: list[int] = []

    async def once() -> None:
        statuses.append((await ask(control, phone)).status_code)

    async with trio.open_nursery() as nursery:
        for _ in range(8):
            nursery.start_soon(once)
    assert sorted(statuses) == [202] + [429] * 7
    outbox = await control.http.get("/api/v1/dev/outbox", params={"phone": phone})
    assert len(outbox.json()["messages"]) == 1


async def test_the_message_speaks_the_readers_language(control: Control) -> None:
    phone = somebody().phone
    await control.http.post("/api/v1/phone-codes", json={"phone": phone}, headers={"accept-language": "ko"})
    outbox = await control.http.get("/api/v1/dev/outbox", params={"phone": phone})
    assert outbox.json()["messages"][0]["text"].startswith("[마당] 인증번호는")


# --- the account ------------------------------------------------------------------------------------------------------


async def test_no_account_without_a_proof(control: Control) -> None:
    answer = await control.http.post("/api/v1/accounts", json=await control.form(somebody(), proof="made-up"))
    assert (answer.status_code, answer.json()["code"]) == (403, "phone_unproven")


async def test_a_proof_opens_one_account(control: Control) -> None:
    first, second = somebody(), somebody()
    proof = await control.prove(first.phone)
    await control.sign_up(first, proof=proof)
    answer = await control.http.post("/api/v1/accounts", json=await control.form(second, proof=proof))
    assert answer.json()["code"] == "phone_unproven"


async def test_a_proof_lives_ten_minutes(control: Control) -> None:
    person = somebody()
    proof = await control.prove(person.phone)
    control.clock.pass_seconds(600)
    answer = await control.http.post("/api/v1/accounts", json=await control.form(person, proof=proof))
    assert answer.json()["code"] == "phone_unproven"


async def test_a_refused_sign_up_leaves_the_proof_good(control: Control) -> None:
    taken, person = await control.sign_up(), somebody()
    form = await control.form(person, nickname=taken.nickname)
    refused = await control.http.post("/api/v1/accounts", json=form)
    assert (refused.status_code, refused.json()["code"]) == (409, "nickname_taken")
    again = await control.http.post("/api/v1/accounts", json=form | {"nickname": person.nickname})
    assert again.status_code == 201


async def test_what_is_taken_is_taken_however_it_is_written(control: Control) -> None:
    taken, person = await control.sign_up(), somebody()
    form = await control.form(person)
    for field, written in (
        ("email", taken.email.upper()),
        ("email", f"  {taken.email} "),
        ("nickname", taken.nickname),
        ("nickname", f" {taken.nickname}  "),
    ):
        answer = await control.post("/api/v1/accounts", form | {field: written})
        assert (answer.status_code, answer.json()["code"]) == (409, f"{field}_taken"), written
        assert list(answer.json()["fields"]) == [field]


async def test_nicknames_differ_by_more_than_case_and_composition(control: Control) -> None:
    first, second, third = somebody(), somebody(), somebody()
    first.nickname, second.nickname = "Zoë달", "zoë달"  # the second with a combining mark
    await control.sign_up(first)
    answer = await control.http.post("/api/v1/accounts", json=await control.form(second))
    assert answer.json()["code"] == "nickname_taken"
    third.nickname = "Zoe달"
    await control.sign_up(third)


async def test_a_number_in_use_shows_only_to_who_holds_the_phone(control: Control) -> None:
    taken = await control.sign_up()
    control.clock.pass_seconds(60)
    other = somebody()
    form = await control.form(Person(other.email, other.nickname, taken.phone))
    answer = await control.http.post("/api/v1/accounts", json=form)
    assert (answer.status_code, answer.json()["code"]) == (409, "phone_taken")


async def test_of_twenty_sign_ups_with_one_email_exactly_one_wins(control: Control) -> None:
    email, codes = somebody().email, []
    people = [somebody() for _ in range(20)]
    forms = [await control.form(person, email=email) for person in people]

    async def sign_up(form: dict[str, Any]) -> None:
        answer = await control.http.post("/api/v1/accounts", json=form)
        codes.append(answer.json().get("code", answer.status_code))

    async with trio.open_nursery() as nursery:
        for form in forms:
            nursery.start_soon(sign_up, form)
    assert sorted(codes, key=str) == [201] + ["email_taken"] * 19


async def test_who_hangs_up_in_the_middle_leaves_all_or_nothing(control: Control) -> None:
    """The transaction waits for another one when the client goes: no account, the proof still good, nothing stuck."""
    person = somebody()
    form = await control.form(person)
    db = control.services.db
    waits, go_on = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'", trio.Event()

    async def value(connection: Connection, sql: str) -> Any:
        return await connection.fetchval(sql)

    async def hold(task_status: trio.TaskStatus[None]) -> None:
        async with open_session(control.services.settings.database_url, listen="nothing") as other:
            await other.run(value, "BEGIN")
            await other.run(
                value,
                "INSERT INTO users (email, nickname, name, phone, password_hash) "
                f"VALUES ('x@example.org', '{person.nickname}', 'x', 'x', 'x')",
            )
            task_status.started()
            await go_on.wait()
            await other.run(value, "ROLLBACK")

    async with trio.open_nursery() as nursery:
        await nursery.start(hold)
        async with trio.open_nursery() as client:
            client.start_soon(control.post, "/api/v1/accounts", form)
            with trio.fail_after(PATIENCE):
                while not await db.read(value, waits):  # noqa: ASYNC110 - the database knows
                    await trio.sleep(0.01)
            client.cancel_scope.cancel()
        with trio.fail_after(PATIENCE):
            while await db.read(value, waits):  # noqa: ASYNC110
                await trio.sleep(0.01)
        go_on.set()
    assert await db.read(value, "SELECT count(*) FROM users") == 0
    assert (await control.post("/api/v1/accounts", form)).status_code == 201


NOT_ALLOWED: list[tuple[str, Any]] = [
    ("email", "nobody"),
    ("email", "two@at@example.org"),
    ("email", "blank in@example.org"),
    ("email", "a@b"),
    ("email", "a@b.c\u200b"),
    ("nickname", "a"),
    ("nickname", " a "),
    ("nickname", "x" * 21),
    ("nickname", "a\u200bb"),
    ("nickname", "a\u200db"),
    ("nickname", "a\x07b"),
    ("name", "   "),
    ("name", "a\u0000b"),
    ("gender", "cat"),
    ("interests", ["x"] * 21),
    ("interests", [""]),
    ("interests", ["a\u0000"]),
    ("interests", "hiking"),
    ("password", 1234567890),
]


async def test_values_that_are_not_allowed_are_named(control: Control) -> None:
    form = await control.form(somebody(), proof="x")
    for field, value in NOT_ALLOWED:
        answer = await control.post("/api/v1/accounts", form | {field: value})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), (field, value)
        assert all(where.startswith(field) for where in answer.json()["fields"]), (field, value)


async def test_every_field_that_is_missing_can_be_asked_for(control: Control) -> None:
    form = await control.form(somebody(), proof="x")
    for field in form:
        answer = await control.post("/api/v1/accounts", {k: v for k, v in form.items() if k != field})
        assert answer.json()["fields"] == {field: "Required"}


async def test_passwords_that_guessers_try_first(control: Control) -> None:
    form = await control.form(somebody(), proof="x")
    for password in (
        "short",
        "password123!",
        "1234567890",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "비밀번호입니다1234",
    ):
        answer = await control.post("/api/v1/accounts", form | {"password": password})
        assert (answer.status_code, answer.json()["code"]) == (422, "password_weak"), password
        assert list(answer.json()["fields"]) == ["password"]


async def test_a_password_is_not_ones_own_address(control: Control) -> None:
    person = somebody()
    person.email = "marigold-river@example.org"
    form = await control.form(person, proof="x", password="Marigold-River1")
    assert (await control.http.post("/api/v1/accounts", json=form)).json()["code"] == "password_weak"
