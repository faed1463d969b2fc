"""Logging in by somebody else's word, against a provider of our own that speaks as each of the four documents it."""

from __future__ import annotations

import hashlib
import secrets
import threading
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
import trio

from common.settings import BadSettings
from control.identity.social.providers import PROVIDERS, App, Name
from control.settings import Settings, read_settings
from tests.control.rooms.conftest import good, refused
from tests.control.test_changing import account_news
from tests.control.test_resets import prove_email
from tests.support.control import ORIGIN, PASSWORD, Control, running_control, somebody
from tests.support.provider import Asked, Provider, open_provider

NAMES: tuple[Name, ...] = ("kakao", "google", "naver", "42")
Json = dict[str, Any]


def profile_as_told_by(name: Name, subject: int, email: str, nickname: str) -> Json:
    """The documented answer, with some of the fields that we do not read."""
    match name:
        case "kakao":
            account = {"profile": {"nickname": nickname, "is_default_image": True}, "email": email}
            return {"id": subject, "connected_at": "2026-01-01T00:00:00Z", "kakao_account": account}
        case "google":
            return {
                "sub": str(subject),
                "email": email,
                "email_verified": True,
                "name": nickname,
                "picture": "",
            }
        case "naver":
            response = {"id": str(subject), "email": email, "nickname": nickname, "mobile": "010-0000-0000"}
            return {"resultcode": "00", "message": "success", "response": response}
        case "42":
            return {"id": subject, "email": email, "login": nickname, "cursus_users": []}


@dataclass
class Elsewhere:
    """A provider with people who consent to everything: codes are good once, and only with the right verifier."""

    server: Provider
    codes: dict[str, tuple[str, str, Json]] = field(default_factory=dict)  # challenge, redirect_uri, profile
    tokens: dict[str, Json] = field(default_factory=dict)

    def consents(self, url: str, profile: Json) -> tuple[str, str]:
        """What the browser comes back with: state and code."""
        query = dict(parse_qsl(urlsplit(url).query))
        assert query["response_type"] == "code"
        assert query["client_id"] == "our-client"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_hex(8)
        self.codes[code] = (query["code_challenge"], query["redirect_uri"], profile)
        return query["state"], code

    def answers(self, asked: Asked) -> tuple[int, Any]:
        if asked.path.endswith(("/token",)):
            return self._token({name: value[0] for name, value in parse_qs(asked.body.decode()).items()})
        said = self.tokens.get(asked.headers.get("authorization", "").removeprefix("Bearer "))
        return (200, said) if said else (401, {"error": "invalid_token"})

    def _token(self, form: dict[str, str]) -> tuple[int, Any]:
        challenge, redirect_uri, profile = self.codes.pop(form["code"], ("", "", {}))
        digest = (
            urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        )
        right = (form["grant_type"], form["client_id"], form["client_secret"], form["redirect_uri"], digest)
        if right != ("authorization_code", "our-client", "our-secret", redirect_uri, challenge):
            return 400, {"error": "invalid_grant"}
        token = secrets.token_hex(16)
        self.tokens[token] = profile
        return 200, {"access_token": token, "token_type": "bearer", "expires_in": 3600}


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    with open_provider() as server:
        elsewhere = Elsewhere(server)
        server.answers = elsewhere.answers
        yield elsewhere


@pytest.fixture
async def house(control_settings: Settings, elsewhere: Elsewhere) -> AsyncIterator[Control]:
    """A control that knows all four, each of them at our own provider."""
    apps = {name: App(PROVIDERS[name].at(elsewhere.server.url), "our-client", "our-secret") for name in NAMES}
    async with running_control(control_settings, social=apps) as control:
        yield control


async def begin(house: Control, name: Name, owner: httpx.AsyncClient | None = None, **body: Any) -> Json:
    if owner is None:
        answer = await house.post(f"/api/v1/social/{name}", body)
    else:
        answer = await owner.post(f"/api/v1/me/social/{name}", json={"password": PASSWORD} | body)
    assert answer.status_code == 201, answer.text
    begun: Json = answer.json()
    return begun


async def unlink(owner: httpx.AsyncClient, name: Name, **shown: str) -> httpx.Response:
    return await owner.post(f"/api/v1/me/social/{name}/unlink", json=shown)


async def come_back(house: Control, begun: Json, came: tuple[str, str], **body: Any) -> httpx.Response:
    state, code = came
    wanted = {"state": state, "code": code, "holder": begun.get("holder")} | body
    return await house.post(
        "/api/v1/social", {name: each for name, each in wanted.items() if each is not None}
    )


def subject() -> int:
    return secrets.randbelow(10**9)


# --- the way it should go ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
async def test_a_first_log_in_makes_an_account_and_the_next_ones_are_log_ins(
    house: Control, elsewhere: Elsewhere, name: Name
) -> None:
    who, profile = subject(), None
    begun = await begin(house, name)
    url = urlsplit(begun["url"])
    assert url.path == urlsplit(PROVIDERS[name].authorize_url).path
    profile = profile_as_told_by(name, who, "arin@example.org", "아린")
    came = elsewhere.consents(begun["url"], profile)
    first = (await come_back(house, begun, came)).json()
    assert (first["tokens"], first["linked"]) == (None, False)
    assert (first["sign_up"]["email"], first["sign_up"]["nickname"]) == ("arin@example.org", "아린")
    form = {
        "proof": await house.prove(somebody().phone),
        "social": first["sign_up"]["proof"],
        "email": first["sign_up"]["email"], "nickname": first["sign_up"]["nickname"], "name": "김아린",
    }  # fmt: skip
    made = await house.post("/api/v1/accounts", form)
    assert made.status_code == 201, made.text
    begun = await begin(house, name)
    second = (await come_back(house, begun, elsewhere.consents(begun["url"], profile))).json()
    me = await house.with_token(second["tokens"]["access_token"]).get("/api/v1/me")
    assert me.json()["id"] == made.json()["id"]
    assert "token" not in begun["url"]


async def test_a_browser_carries_it_in_cookies(house: Control, elsewhere: Elsewhere) -> None:
    arin = await house.log_in(await house.sign_up())
    who = profile_as_told_by("kakao", subject(), "a@example.org", "아린")
    begun = await begin(house, "kakao", arin)
    assert (await come_back(house, begun, elsewhere.consents(begun["url"], who))).json()["linked"]
    async with house.browser(origin=ORIGIN) as browser:
        answer = await browser.post("/api/v1/social/kakao", json={"cookies": True})
        assert "holder" not in answer.json()
        assert "HttpOnly" in answer.headers["set-cookie"]
        state, code = elsewhere.consents(answer.json()["url"], who)
        finished = await browser.post("/api/v1/social", json={"state": state, "code": code, "cookies": True})
        assert finished.status_code == 200, finished.text
        assert "access_token" not in finished.json()["tokens"]
        assert (await browser.get("/api/v1/me")).status_code == 200
        browser.headers.pop("origin")
        stranger = await browser.post("/api/v1/social/kakao", json={"cookies": True})
        assert stranger.json()["code"] == "csrf"


async def test_an_identity_is_linked_listed_and_unlinked(house: Control, elsewhere: Elsewhere) -> None:
    person = await house.sign_up()
    arin = await house.log_in(person)
    who = profile_as_told_by("google", subject(), "a@example.org", "아린")
    for _ in range(2):  # twice is no error
        begun = await begin(house, "google", arin)
        linked = (await come_back(house, begun, elsewhere.consents(begun["url"], who))).json()
        assert linked == {"tokens": None, "sign_up": None, "linked": True}
    [identity] = (await arin.get("/api/v1/me/social")).json()["identities"]
    assert identity == {"provider": "google", "linked_at": house.clock.now_ms}
    for _ in range(2):
        assert (await unlink(arin, "google", password=PASSWORD)).status_code == 204
    assert (await arin.get("/api/v1/me/social")).json() == {"identities": []}
    assert [change for _, change in await account_news(house)] == ["linked", "unlinked"]  # each told once
    told = (await house.http.get("/api/v1/dev/outbox", params={"email": person.email})).json()["messages"]
    assert ["Google" in message["text"] for message in told] == [True, True]


async def test_the_last_way_in_is_not_taken_away(house: Control, elsewhere: Elsewhere) -> None:
    who = profile_as_told_by("naver", subject(), "b@example.org", "보라")
    begun = await begin(house, "naver")
    first = (await come_back(house, begun, elsewhere.consents(begun["url"], who))).json()
    phone = somebody().phone
    form = {
        "proof": await house.prove(phone), "social": first["sign_up"]["proof"],
        "email": "b@example.org", "nickname": "보라", "name": "이보라",
    }  # fmt: skip
    assert (await house.post("/api/v1/accounts", form)).status_code == 201
    begun = await begin(house, "naver")
    tokens = (await come_back(house, begun, elsewhere.consents(begun["url"], who))).json()["tokens"]
    bora = house.with_token(tokens["access_token"])
    mine = await prove_email(house, "b@example.org")
    refused(await unlink(bora, "naver", owner_proof=mine), "last_way_in")
    wrong = await house.post("/api/v1/sessions", {"email": "b@example.org", "password": "anything at all"})
    assert wrong.json()["code"] == "credentials_wrong"
    house.clock.pass_seconds(60)
    new = {"proof": await house.prove(phone), "password": "a quiet evening by the sea"}
    assert (await house.post("/api/v1/password-resets", new)).status_code == 204
    tokens = (
        await house.post("/api/v1/sessions", {"email": "b@example.org", "password": new["password"]})
    ).json()
    bora = house.with_token(tokens["access_token"])
    assert (await unlink(bora, "naver", password=new["password"])).status_code == 204


# --- and the ways it should not ---------------------------------------------------------------------------------------


async def test_who_is_only_at_the_device_neither_links_nor_unlinks(
    house: Control, elsewhere: Elsewhere
) -> None:
    """What is linked logs in for good, so it takes more than a session that was left open."""
    arin = await house.log_in(await house.sign_up())
    who = profile_as_told_by("google", subject(), "a@example.org", "아린")
    begun = await begin(house, "google", arin)
    assert (await come_back(house, begun, elsewhere.consents(begun["url"], who))).json()["linked"]
    for shown, code in (
        ({}, "invalid"),
        ({"password": "a guess or two"}, "password_wrong"),
        ({"owner_proof": "made up"}, "contact_unproven"),
    ):
        refused(await arin.post("/api/v1/me/social/kakao", json=shown), code)
        refused(await unlink(arin, "google", **shown), code)
    assert [each["provider"] for each in good(await arin.get("/api/v1/me/social"))["identities"]] == [
        "google"
    ]


async def test_with_another_password_ends_what_was_begun_by_the_one_before(
    house: Control, elsewhere: Elsewhere
) -> None:
    arin = await house.log_in(await house.sign_up())
    who = profile_as_told_by("google", subject(), "a@example.org", "아린")
    begun = await begin(house, "google", arin)
    new = {"password": PASSWORD, "new": "another walk, along the sea"}
    assert (await arin.put("/api/v1/me/password", json=new)).status_code == 204
    refused(await come_back(house, begun, elsewhere.consents(begun["url"], who)), "social_attempt_over")
    assert good(await arin.get("/api/v1/me/social"))["identities"] == []


async def test_a_password_changed_while_the_provider_is_asked_ends_it_too(
    house: Control, elsewhere: Elsewhere
) -> None:
    arin = await house.log_in(await house.sign_up())
    who = profile_as_told_by("google", subject(), "a@example.org", "아린")
    begun = await begin(house, "google", arin)
    asked, answer = threading.Event(), threading.Event()

    def hesitates(what: Asked) -> tuple[int, Any]:
        asked.set()
        answer.wait(10)
        return elsewhere.answers(what)

    async def comes_back() -> None:
        back = await come_back(house, begun, elsewhere.consents(begun["url"], who))
        refused(back, "social_attempt_over")

    elsewhere.server.answers = hesitates
    async with trio.open_nursery() as nursery:
        nursery.start_soon(comes_back)
        await trio.to_thread.run_sync(asked.wait, 10)
        new = {"password": PASSWORD, "new": "another walk, along the sea"}
        assert (await arin.put("/api/v1/me/password", json=new)).status_code == 204
        answer.set()
    assert good(await arin.get("/api/v1/me/social"))["identities"] == []


async def test_an_account_is_not_handed_over_for_an_equal_e_mail_address(
    house: Control, elsewhere: Elsewhere
) -> None:
    victim = await house.sign_up()
    begun = await begin(house, "google")
    who = profile_as_told_by("google", subject(), victim.email, "someone")
    answer = (await come_back(house, begun, elsewhere.consents(begun["url"], who))).json()
    assert answer["tokens"] is None
    assert answer["sign_up"] is not None


async def test_an_attempt_is_finished_once_in_time_and_by_who_began_it(
    house: Control, elsewhere: Elsewhere
) -> None:
    who = profile_as_told_by("google", subject(), "c@example.org", "다온")
    begun, other = await begin(house, "google"), await begin(house, "google")
    came = elsewhere.consents(begun["url"], who)
    for body in ({"holder": other["holder"]}, {"holder": None}, {"state": "made-up"}):
        answer = await come_back(house, begun, came, **body)
        assert (answer.status_code, answer.json()["code"]) == (403, "social_attempt_over")
    assert (await come_back(house, begun, came)).status_code == 200
    assert (await come_back(house, begun, came)).json()["code"] == "social_attempt_over"
    house.clock.pass_seconds(601)
    late = await come_back(house, other, elsewhere.consents(other["url"], who))
    assert late.json()["code"] == "social_attempt_over"


async def test_a_code_of_another_attempt_is_refused(house: Control, elsewhere: Elsewhere) -> None:
    """Whoever slips somebody his own code is stopped by the verifier."""
    who = profile_as_told_by("google", subject(), "c@example.org", "다온")
    mine, theirs = await begin(house, "google"), await begin(house, "google")
    _, code = elsewhere.consents(theirs["url"], who)
    state, _ = elsewhere.consents(mine["url"], who)
    assert (await come_back(house, mine, (state, code))).json()["code"] == "social_refused"


async def test_an_identity_belongs_to_one_account_even_when_two_claim_it_at_once(
    house: Control, elsewhere: Elsewhere
) -> None:
    people = [await house.log_in(await house.sign_up()) for _ in range(4)]
    who = profile_as_told_by("42", subject(), "d@example.org", "라온")
    begun = [await begin(house, "42", person) for person in people]
    came = [elsewhere.consents(each["url"], who) for each in begun]
    codes: list[str | None] = []

    async def finish(number: int) -> None:
        codes.append((await come_back(house, begun[number], came[number])).json().get("code"))

    async with trio.open_nursery() as nursery:
        for number in range(4):
            nursery.start_soon(finish, number)
    assert sorted(codes, key=str) == [None, "identity_taken", "identity_taken", "identity_taken"]


async def test_one_sign_up_for_a_proof(house: Control, elsewhere: Elsewhere) -> None:
    begun = await begin(house, "kakao")
    who = profile_as_told_by("kakao", subject(), "e@example.org", "마루")
    proof = (await come_back(house, begun, elsewhere.consents(begun["url"], who))).json()["sign_up"]["proof"]

    async def sign_up(social: str, number: int) -> httpx.Response:
        form = {
            "proof": await house.prove(somebody().phone), "social": social,
            "email": f"e{number}@example.org", "nickname": f"마루{number}", "name": "박마루",
        }  # fmt: skip
        return await house.post("/api/v1/accounts", form)

    assert (await sign_up("made-up", 0)).json()["code"] == "social_unproven"
    assert (await sign_up(proof, 1)).status_code == 201
    assert (await sign_up(proof, 2)).json()["code"] == "social_unproven"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ((400, {"error": "invalid_grant"}), "social_refused"),
        ((200, {"error": "invalid_request", "error_description": "as Naver says no"}), "social_refused"),
        ((500, {}), "social_unavailable"),
        ((429, {}), "social_unavailable"),
        ((200, b"<html>"), "social_unavailable"),
        ((200, {"access_token": "t"}), "social_unavailable"),  # and its profile is the same: no profile
        (None, "social_unavailable"),
    ],
)
async def test_a_provider_that_refuses_or_is_away(
    house: Control, elsewhere: Elsewhere, answer: Any, code: str
) -> None:
    begun = await begin(house, "google")
    came = elsewhere.consents(begun["url"], {})
    elsewhere.server.answers = None
    if answer is None:
        elsewhere.server.answer = None
    else:
        elsewhere.server.will_say(answer[1], answer[0])
    assert (await come_back(house, begun, came)).json()["code"] == code


async def test_what_is_not_offered(control: Control) -> None:
    assert (await control.http.get("/api/v1/social")).json() == {"providers": []}
    assert (await control.post("/api/v1/social/google")).json()["code"] == "social_not_offered"
    assert (await control.post("/api/v1/social/facebook")).json()["code"] == "invalid"
    answer = await control.post("/api/v1/social", {"state": "s", "code": "c"})
    assert answer.json()["code"] == "social_attempt_over"


def test_a_provider_is_offered_when_its_application_is_known() -> None:
    given = {
        "MADANG_PROFILE": "test", "MADANG_SECRET": "x" * 32, "MADANG_PUBLIC_URL": "http://127.0.0.1",
        "DATABASE_URL": "postgresql://h/d", "REDIS_URL": "redis://h", "MONGO_URL": "mongodb://h",
        "S3_URL": "http://a:b@h/c", "SOCIAL_KAKAO_CLIENT_ID": "id", "SOCIAL_42_CLIENT_ID": "id",
        "SOCIAL_42_CLIENT_SECRET": "secret", "SOCIAL_42_ORIGIN": "http://127.0.0.1:1",
    }  # fmt: skip
    with pytest.raises(BadSettings) as bad:
        read_settings(given)
    assert bad.value.faults == ["SOCIAL_KAKAO_CLIENT_SECRET is not set"]
    settings = read_settings(given | {"SOCIAL_KAKAO_CLIENT_SECRET": "secret"})
    assert set(settings.social) == {"kakao", "42"}
    assert settings.social["42"].provider.token_url == "http://127.0.0.1:1/oauth/token"
    assert settings.social["kakao"].provider is PROVIDERS["kakao"]
    assert "secret" not in repr(settings)
