"""A forgotten password: proven by phone or e-mail, and everybody who was in is out."""

from __future__ import annotations

import smtplib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from typing import Any

import pytest
import trio

from common.feed import AccountChanged
from control.identity.mail import MailUnavailable, NoMail, SmtpMailer, parse_mail_url
from control.settings import Settings
from tests.control.test_sessions import announced
from tests.support.control import Control, Person, running_control, somebody

NEW = "another walk, along the sea"


async def prove_email(control: Control, email: str) -> str:
    sent = await control.post("/api/v1/email-codes", {"email": email})
    assert sent.status_code == 202, sent.text
    outbox = (await control.http.get("/api/v1/dev/outbox", params={"email": email})).json()
    code = "".join(each for each in outbox["messages"][0]["text"] if each.isdigit())[:6]
    proven = await control.post("/api/v1/email-codes/verify", {"email": email, "code": code})
    assert proven.status_code == 200, proven.text
    proof: str = proven.json()["proof"]
    return proof


async def reset(control: Control, proof: str, password: str = NEW) -> Any:
    return await control.post("/api/v1/password-resets", {"proof": proof, "password": password})


async def log_in(control: Control, person: Person, password: str) -> int:
    body = {"email": person.email, "password": password}
    return (await control.post("/api/v1/sessions", body)).status_code


@pytest.mark.parametrize("by", ["phone", "email"])
async def test_who_proves_the_phone_or_the_address_sets_another_password(control: Control, by: str) -> None:
    person = await control.sign_up()
    before = await control.tokens(person)
    proof = await (
        control.prove(person.phone) if by == "phone" else prove_email(control, f" {person.email.upper()} ")
    )
    assert (await reset(control, proof)).status_code == 204
    assert await log_in(control, person, person.password) == 401
    assert await log_in(control, person, NEW) == 201
    me = await control.with_token(before["access_token"]).get("/api/v1/me")
    assert me.json()["code"] == "session_revoked"
    again = await control.post("/api/v1/sessions/refresh", {"refresh_token": before["refresh_token"]})
    assert again.json()["code"] == "session_revoked"


async def test_a_reset_is_told_to_the_mailbox_and_to_the_devices(control: Control) -> None:
    """Somebody else may have read the code: the owner hears of it."""
    person = await control.sign_up()
    proof = await control.prove(person.phone)
    assert (await reset(control, proof, "short")).status_code == 422
    assert (await reset(control, proof)).status_code == 204
    outbox = (await control.http.get("/api/v1/dev/outbox", params={"email": person.email})).json()
    (letter,) = outbox["messages"]
    assert "another password now, set by a code" in letter["text"]
    (told,) = [each for each in await announced(control) if isinstance(each, AccountChanged)]
    assert told.change == "password"


class TestGuessing:
    """Ten guesses at a password, and no more for a while."""

    @pytest.fixture
    def control_settings(self, control_settings: Settings) -> Settings:
        return replace(control_settings, rate_scale=1)

    async def test_is_forgotten_when_the_password_is_set_anew(self, control: Control) -> None:
        person = await control.sign_up()
        codes = [await log_in(control, person, "a walk that never was") for _ in range(11)]
        assert codes == [401] * 10 + [429]
        assert (await reset(control, await prove_email(control, person.email))).status_code == 204
        assert await log_in(control, person, NEW) == 201


async def test_a_proof_is_good_once_and_a_weak_password_does_not_use_it_up(control: Control) -> None:
    person = await control.sign_up()
    proof = await control.prove(person.phone)
    for weak in ("short", "password123", person.email):
        assert (await reset(control, proof, weak)).json()["code"] == "password_weak"
    assert (await reset(control, proof)).status_code == 204
    assert (await reset(control, proof)).json()["code"] == "contact_unproven"


async def test_two_resets_at_once_with_one_proof_are_one(control: Control) -> None:
    person = await control.sign_up()
    proof, statuses = await control.prove(person.phone), []

    async def once(number: int) -> None:
        statuses.append((await reset(control, proof, f"{NEW} {number}")).status_code)

    async with trio.open_nursery() as nursery:
        for number in range(5):
            nursery.start_soon(once, number)
    assert sorted(statuses) == [204, 403, 403, 403, 403]


async def test_who_has_no_account_is_told_after_the_proof_and_not_before(control: Control) -> None:
    nobody, person = somebody(), await control.sign_up()
    answers = [await control.post("/api/v1/email-codes", {"email": each.email}) for each in (nobody, person)]
    assert answers[0].json() == answers[1].json()
    control.clock.pass_seconds(60)
    proof = await prove_email(control, nobody.email)
    assert (await reset(control, proof)).json()["code"] == "account_not_found"


async def test_a_proof_of_an_address_opens_no_sign_up(control: Control) -> None:
    person = somebody()
    form = await control.form(person, proof=await prove_email(control, person.email))
    assert (await control.post("/api/v1/accounts", form)).json()["code"] == "phone_unproven"


async def test_an_invented_proof_is_none(control: Control) -> None:
    assert (await reset(control, "made-up")).json()["code"] == "contact_unproven"


async def test_an_address_that_is_none(control: Control) -> None:
    for email in ("someone", "a@b", "a b@example.org", "a@exam\tple.org"):
        assert (await control.post("/api/v1/email-codes", {"email": email})).json()["code"] == "invalid", (
            email
        )
    for query in ({}, {"phone": "010-1234-5678", "email": "a@example.org"}):
        answer = await control.http.get("/api/v1/dev/outbox", params=query)
        assert answer.json()["code"] == "invalid"


# --- SMTP -------------------------------------------------------------------------------------------------------------


class Mailbox:
    """What a server was handed: from whom, to whom, what. `refusal` is what recipients are refused with."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, list[str], bytes]] = []
        self.refusal = ""


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    """A server that speaks as much SMTP as it takes to hand in mail (RFC 5321 §4.1.1)."""
    mailbox = Mailbox()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            sender, recipients = "", list[str]()
            self.say("220 mail.example")
            while line := self.rfile.readline().decode().strip():
                verb = line[:4].upper()
                if verb == "MAIL":
                    sender = line.partition("<")[2].partition(">")[0]
                elif verb == "RCPT" and mailbox.refusal:
                    self.say(mailbox.refusal)
                    continue
                elif verb == "RCPT":
                    recipients.append(line.partition("<")[2].partition(">")[0])
                elif verb == "DATA":
                    self.say("354 go on")
                    content = b"".join(iter(self.rfile.readline, b".\r\n"))
                    mailbox.kept.append((sender, recipients, content))
                self.say("221 bye" if verb == "QUIT" else "250 OK")

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield mailbox, f"smtp://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


async def test_a_code_is_mailed(control_settings: Settings, mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    changes = {"mail_url": url, "mail_from": "Madang <no-reply@madang.example>"}
    async with running_control(control_settings, **changes) as control:
        answer = await control.http.post(
            "/api/v1/email-codes", json={"email": "arin@example.org"}, headers={"accept-language": "ko"}
        )
        assert answer.status_code == 202
        [(sender, to, content)] = box.kept
        assert (sender, to) == ("no-reply@madang.example", ["arin@example.org"])
        message = message_from_bytes(content, policy=policy.default)
        assert message["Subject"] == "마당 인증번호"
        assert message["Auto-Submitted"] == "auto-generated"
        text = message.get_content()
        code = "".join(each for each in text if each.isdigit())[:6]
        proven = await control.post("/api/v1/email-codes/verify", {"email": "arin@example.org", "code": code})
        assert proven.status_code == 200
        box.refusal = "550 no such user"
        refused = await control.post("/api/v1/email-codes", {"email": "nobody@example.org"})
        assert (refused.status_code, refused.json()["code"]) == (503, "mail_unavailable")
        left = await control.post(
            "/api/v1/email-codes/verify", {"email": "nobody@example.org", "code": "000000"}
        )
        assert left.json()["code"] == "code_expired"


async def test_a_server_that_refuses_or_is_not_there(mailbox: tuple[Mailbox, str]) -> None:
    box, url = mailbox
    mailer = SmtpMailer(parse_mail_url(url), "no-reply@madang.example")
    box.refusal = "451 later"
    with pytest.raises(MailUnavailable) as fault:
        await mailer.mail("arin@example.org", "hello", "your code is 123456")
    assert "123456" not in str(fault.value)
    assert "arin" not in str(fault.value)
    absent = SmtpMailer(parse_mail_url("smtp://127.0.0.1:1"), "no-reply@madang.example")
    with pytest.raises(MailUnavailable, match="ConnectionRefusedError"):
        await absent.mail("arin@example.org", "hello", "text")
    with pytest.raises(MailUnavailable):
        await NoMail().mail("arin@example.org", "hello", "text")


async def test_codes_do_not_travel_in_the_open(
    monkeypatch: pytest.MonkeyPatch, mailbox: tuple[Mailbox, str]
) -> None:
    """Toward another machine there is TLS, or no mail."""
    box, url = mailbox
    port = parse_mail_url(url).port
    connect = smtplib.SMTP.connect
    monkeypatch.setattr(
        smtplib.SMTP, "connect", lambda self, host, port, *rest: connect(self, "127.0.0.1", port)
    )
    mailer = SmtpMailer(parse_mail_url(f"smtp://mail.example:{port}"), "no-reply@madang.example")
    with pytest.raises(MailUnavailable):
        await mailer.mail("arin@example.org", "hello", "text")
    assert box.kept == []


def test_a_mail_url_in_its_parts() -> None:
    server = parse_mail_url("smtps://us%40er:p%3Ass@mail.example")
    assert (server.host, server.port, server.user, server.password) == ("mail.example", 465, "us@er", "p:ss")
    assert parse_mail_url("smtp://mail.example").port == 587
    for wrong in ("http://mail.example", "smtp://", "mail.example:25"):
        with pytest.raises(ValueError, match="smtp"):
            parse_mail_url(wrong)
