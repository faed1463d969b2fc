"""Sessions: what proves a person, for how long, and how it ends."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import jwt
import trio

from common import feed
from common.clock import from_ms
from common.ids import uuid7
from common.postgres import Connection
from control.identity import queries, refreshing, sessions
from tests.support.control import ORIGIN, Control, somebody

OURS = {"origin": ORIGIN}


async def announced(control: Control) -> list[feed.AnyChange]:
    """What was written to the outbox, in order."""
    import msgspec

    async def read(connection: Connection) -> list[str]:
        return [row["data"] for row in await connection.fetch("SELECT data FROM outbox ORDER BY id")]

    return [msgspec.json.decode(each, type=feed.AnyChange) for each in await control.services.db.read(read)]


async def refresh(control: Control, token: str) -> httpx.Response:
    return await control.post("/api/v1/sessions/refresh", {"refresh_token": token})


async def me(control: Control, tokens: dict[str, Any]) -> httpx.Response:
    return await control.with_token(tokens["access_token"]).get("/api/v1/me")


# --- log in -----------------------------------------------------------------------------------------------------------


async def test_the_access_token_says_who_and_what(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    header = jwt.get_unverified_header(tokens["access_token"])
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert header["alg"] == "EdDSA"
    assert (claims["sub"], claims["sid"]) == (tokens["user"], tokens["session"])
    assert claims["roles"] == ["mentee"]
    assert "room.join" in claims["permissions"]
    assert claims["exp"] - claims["iat"] == 15 * 60
    assert tokens["refresh_expires_at"] == control.clock.now_ms + 14 * 24 * 3600 * 1000


async def test_an_unknown_email_and_a_wrong_password_are_the_same_answer(control: Control) -> None:
    person = await control.sign_up()
    answers = [
        await control.post("/api/v1/sessions", {"email": email, "password": "not-the-password"})
        for email in (person.email, "nobody@example.org")
    ]
    assert [answer.status_code for answer in answers] == [401, 401]
    bodies = [answer.json() | {"request_id": ""} for answer in answers]
    assert bodies[0] == bodies[1]
    assert bodies[0]["code"] == "credentials_wrong"


async def test_an_email_is_the_same_in_any_case(control: Control) -> None:
    person = await control.sign_up()
    person.email = f" {person.email.upper()}"
    await control.tokens(person)


async def test_a_password_is_the_same_however_its_hangul_is_composed(control: Control) -> None:
    import unicodedata

    person = somebody()
    person.password = unicodedata.normalize("NFD", "달빛 아래 김치찌개")
    await control.sign_up(person)
    person.password = unicodedata.normalize("NFC", person.password)
    await control.tokens(person)


async def test_a_long_password_counts_to_its_end(control: Control) -> None:
    """bcrypt by itself would take 72 bytes, and no more."""
    person = somebody()
    person.password = "한마디 " * 30 + "1"
    await control.sign_up(person)
    answer = await control.post(
        "/api/v1/sessions", {"email": person.email, "password": person.password[:-1] + "2"}
    )
    assert answer.json()["code"] == "credentials_wrong"


# --- refresh ----------------------------------------------------------------------------------------------------------


async def test_refresh_gives_new_tokens_of_the_same_session(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    again = (await refresh(control, tokens["refresh_token"])).json()
    assert again["session"] == tokens["session"]
    assert again["refresh_token"] != tokens["refresh_token"]
    assert (await me(control, again)).status_code == 200
    assert (await refresh(control, again["refresh_token"])).status_code == 200


async def rests(control: Control) -> list[tuple[bool, bool]]:
    """Of every refresh token, used ones first: whether it was used, and whether what its successor is made of is kept."""

    async def read(connection: Connection) -> list[tuple[bool, bool]]:
        said = "SELECT used_at IS NOT NULL, successor_salt IS NOT NULL FROM refresh_tokens ORDER BY 1 DESC, 2"
        return [tuple(row) for row in await connection.fetch(said)]

    return await control.services.db.read(read)


async def test_who_lost_the_answer_asks_again_and_is_given_the_same_successor(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    lost = (await refresh(control, tokens["refresh_token"])).json()
    control.clock.pass_seconds(refreshing.GRACE - 1)
    heard = await refresh(control, tokens["refresh_token"])
    assert heard.status_code == 200
    for same in ("session", "refresh_token", "refresh_expires_at"):
        assert heard.json()[same] == lost[same]
    assert (await me(control, heard.json())).status_code == 200
    assert await rests(control) == [(True, True), (False, False)]
    assert (await refresh(control, heard.json()["refresh_token"])).status_code == 200


async def test_a_refresh_token_that_comes_late_ends_the_whole_family(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    newer = (await refresh(control, tokens["refresh_token"])).json()
    control.clock.pass_seconds(refreshing.GRACE)
    reused = await refresh(control, tokens["refresh_token"])
    assert (reused.status_code, reused.json()["code"]) == (401, "token_reused")
    assert (await refresh(control, newer["refresh_token"])).json()["code"] == "session_revoked"
    assert (await me(control, newer)).json()["code"] == "session_revoked"
    assert feed.SessionRevoked(session=tokens["session"], user=tokens["user"]) in await announced(control)


async def test_a_refresh_token_whose_successor_was_used_ends_the_family_at_once(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    newer = (await refresh(control, tokens["refresh_token"])).json()
    newest = (await refresh(control, newer["refresh_token"])).json()
    assert await rests(control) == [(True, False), (True, True), (False, False)]
    assert (await refresh(control, tokens["refresh_token"])).json()["code"] == "token_reused"
    assert (await refresh(control, newer["refresh_token"])).json()["code"] == "session_revoked"
    assert (await me(control, newest)).json()["code"] == "session_revoked"


async def test_of_many_refreshes_at_once_all_are_given_one_successor(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    answers: list[httpx.Response] = []

    async def once() -> None:
        answers.append(await refresh(control, tokens["refresh_token"]))

    async with trio.open_nursery() as nursery:
        for _ in range(8):
            nursery.start_soon(once)
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert await rests(control) == [(True, True), (False, False)]
    assert not [each for each in await announced(control) if isinstance(each, feed.SessionRevoked)]


async def test_an_old_token_and_its_successor_at_once_never_make_two_families(control: Control) -> None:
    """Whichever comes first, no more than one token is good afterwards; and none, when the old one came second."""
    person = await control.sign_up()
    for _ in range(4):
        tokens = await control.tokens(person)
        newer = (await refresh(control, tokens["refresh_token"])).json()
        answers: dict[str, httpx.Response] = {}

        async def once(name: str, token: str, answers: dict[str, httpx.Response] = answers) -> None:
            answers[name] = await refresh(control, token)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(once, "old", tokens["refresh_token"])
            nursery.start_soon(once, "new", newer["refresh_token"])
        assert answers["new"].status_code == 200 or answers["new"].json()["code"] == "session_revoked"
        if answers["old"].status_code == 200:
            assert answers["old"].json()["refresh_token"] == newer["refresh_token"]
            last = answers["new"].json()
            assert (await refresh(control, last["refresh_token"])).status_code == 200
        else:
            assert answers["old"].json()["code"] == "token_reused"
            assert (await me(control, newer)).json()["code"] == "session_revoked"


async def test_a_lost_answer_brings_nobody_back_who_was_logged_out(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    await refresh(control, tokens["refresh_token"])
    out = await control.with_token(tokens["access_token"]).delete(f"/api/v1/sessions/{tokens['session']}")
    assert out.status_code == 204
    assert (await refresh(control, tokens["refresh_token"])).json()["code"] == "session_revoked"


def test_a_successor_is_made_of_the_token_and_of_what_rests_in_the_database() -> None:
    tokens, salts = ("one", "other"), (b"salt", b"more salt")
    made = {refreshing.successor(token, salt) for token in tokens for salt in salts}
    assert len(made) == 4
    assert {len(each) for each in made} == {43}  # 256 bits, as a first token is long


async def test_a_refresh_token_lives_two_weeks_and_a_refreshed_session_longer(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    control.clock.pass_seconds(sessions.REFRESH_LIFE - 60)
    newer = (await refresh(control, tokens["refresh_token"])).json()
    control.clock.pass_seconds(sessions.REFRESH_LIFE)
    late = await refresh(control, newer["refresh_token"])
    assert (late.status_code, late.json()["code"]) == (401, "token_expired")


async def test_a_token_that_nobody_gave(control: Control) -> None:
    assert (await refresh(control, "made-up")).json()["code"] == "token_invalid"
    assert (await refresh(control, "")).json()["code"] == "invalid"
    nothing = await control.post("/api/v1/sessions/refresh", {})
    assert (nothing.status_code, nothing.json()["code"]) == (401, "unauthenticated")


# --- access -----------------------------------------------------------------------------------------------------------


async def test_access_ends_after_fifteen_minutes(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    control.clock.pass_seconds(15 * 60 + 5)
    answer = await me(control, tokens)
    assert (answer.status_code, answer.json()["code"]) == (401, "token_expired")
    assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_tokens_that_prove_nothing(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    access = tokens["access_token"]
    for bad, code in (
        (access[:-4] + "AAAA", "token_invalid"),
        (access.rpartition(".")[0] + ".", "token_invalid"),
        ("a.b.c", "token_invalid"),
        (tokens["refresh_token"], "token_invalid"),
    ):
        answer = await control.http.get("/api/v1/me", headers={"authorization": f"Bearer {bad}"})
        assert (answer.status_code, answer.json()["code"]) == (401, code), bad
    assert (await control.http.get("/api/v1/me")).json()["code"] == "unauthenticated"


# --- the end ----------------------------------------------------------------------------------------------------------


async def test_log_out_ends_access_at_once_and_blacklists_the_token_for_its_life(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    out = await control.post("/api/v1/sessions/logout", {"refresh_token": tokens["refresh_token"]})
    assert (out.status_code, out.content) == (204, b"")
    assert (await me(control, tokens)).json()["code"] == "session_revoked"
    assert (await refresh(control, tokens["refresh_token"])).json()["code"] == "session_revoked"
    assert (await announced(control))[-1] == feed.SessionRevoked(
        session=tokens["session"], user=tokens["user"]
    )
    redis = control.services.redis
    [key] = await redis.call("KEYS", "{control}:blacklist:*")
    assert await redis.call("PEXPIRETIME", key) == tokens["refresh_expires_at"]


async def test_logging_out_twice_or_with_nonsense_is_no_error(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    for token in (tokens["refresh_token"], tokens["refresh_token"], "nonsense"):
        answer = await control.post("/api/v1/sessions/logout", {"refresh_token": token})
        assert answer.status_code == 204
    assert len([each for each in await announced(control) if isinstance(each, feed.SessionRevoked)]) == 1


async def test_the_list_of_sessions_and_the_end_of_one(control: Control) -> None:
    person = await control.sign_up()
    laptop = await control.tokens(person, device="아린의 노트북")
    control.clock.pass_seconds(5)
    phone = await control.tokens(person, device="phone")
    client = control.with_token(laptop["access_token"])
    listed = (await client.get("/api/v1/sessions")).json()["sessions"]
    assert [(each["device"], each["current"]) for each in listed] == [
        ("phone", False),
        ("아린의 노트북", True),
    ]
    assert listed[0]["place"] == "127.0.0.1"
    gone = await client.delete(f"/api/v1/sessions/{phone['session']}")
    assert gone.status_code == 204
    assert (await me(control, phone)).json()["code"] == "session_revoked"
    assert (await me(control, laptop)).status_code == 200
    again = await client.delete(f"/api/v1/sessions/{phone['session']}")
    assert (again.status_code, again.json()["code"]) == (404, "not_found")
    assert len((await client.get("/api/v1/sessions")).json()["sessions"]) == 1


async def test_an_index_serves_the_list(control: Control) -> None:
    async def plan(connection: Connection) -> str:
        await connection.execute("SET LOCAL enable_seqscan = off")
        await connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        statement = await connection.prepare(f"EXPLAIN {queries.SESSIONS}")
        return "\n".join(row[0] for row in await statement.fetch(uuid7(), from_ms(0)))

    said = await control.services.db.transaction(plan)
    assert "Index Scan using sessions_of_user" in said
    assert "Sort" not in said


async def test_nobody_ends_a_session_of_somebody_else(control: Control) -> None:
    arin, minsu = [await control.tokens(await control.sign_up()) for _ in range(2)]
    answer = await control.with_token(minsu["access_token"]).delete(f"/api/v1/sessions/{arin['session']}")
    assert answer.status_code == 404
    assert (await me(control, arin)).status_code == 200


async def test_log_out_everywhere(control: Control) -> None:
    person = await control.sign_up()
    first, second = [await control.tokens(person) for _ in range(2)]
    other = await control.tokens(await control.sign_up())
    assert (await control.with_token(first["access_token"]).delete("/api/v1/sessions")).status_code == 204
    assert (await me(control, second)).json()["code"] == "session_revoked"
    assert (await me(control, other)).status_code == 200
    assert (await refresh(control, second["refresh_token"])).json()["code"] == "session_revoked"
    assert len(await control.services.redis.call("KEYS", "{control}:blacklist:*")) == 2


async def test_last_seen_follows_a_session_by_the_minute(control: Control) -> None:
    tokens = await control.tokens(await control.sign_up())
    began = control.clock.now_ms
    client = control.with_token(tokens["access_token"])
    control.clock.pass_seconds(50)
    [session] = (await client.get("/api/v1/sessions")).json()["sessions"]
    assert session["last_seen_at"] == began
    control.clock.pass_seconds(50)
    [session] = (await client.get("/api/v1/sessions")).json()["sessions"]
    assert session["last_seen_at"] == control.clock.now_ms


# --- cookies ----------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def browser_of(control: Control) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that logged in."""
    person = await control.sign_up()
    credentials = {"email": person.email, "password": person.password, "cookies": True}
    async with control.browser() as browser:
        answer = await browser.post("/api/v1/sessions", json=credentials, headers=OURS)
        assert answer.status_code == 201
        assert not {"access_token", "refresh_token"} & answer.json().keys()
        yield browser


async def test_a_browser_carries_its_tokens_where_pages_cannot_read_them(control: Control) -> None:
    person = await control.sign_up()
    answer = await control.post(
        "/api/v1/sessions",
        {"email": person.email, "password": person.password, "cookies": True},
        headers=OURS,
    )
    access, refresh_cookie = answer.headers.get_list("set-cookie")
    assert access.startswith("madang_access=")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=900"} <= set(access.split("; "))
    assert {"HttpOnly", "Path=/api/v1/sessions", "SameSite=Strict", "Max-Age=1209600"} <= set(
        refresh_cookie.split("; ")
    )


async def test_a_browser_reads_refreshes_and_logs_out_by_cookie(control: Control) -> None:
    async with browser_of(control) as browser:
        assert (await browser.get("/api/v1/me")).status_code == 200
        before = dict(browser.cookies)
        answer = await browser.post("/api/v1/sessions/refresh", headers=OURS)
        assert answer.status_code == 200
        assert dict(browser.cookies).keys() == before.keys()
        assert dict(browser.cookies) != before
        assert (await browser.post("/api/v1/sessions/logout", headers=OURS)).status_code == 204
        assert dict(browser.cookies) == {}


async def test_a_page_has_a_token_for_its_socket_that_opens_nothing_else(control: Control) -> None:
    async with browser_of(control) as browser:
        mine = (await browser.get("/api/v1/sessions")).json()["sessions"][0]["id"]
        given = (await browser.post("/api/v1/socket-tokens", headers=OURS)).json()
        claims = jwt.decode(given["token"], options={"verify_signature": False})
        assert (claims["aud"], claims["sid"]) == ("socket", mine)
        assert claims["exp"] * 1000 == given["expires_at"]
        bearer = control.with_token(given["token"])
        for answer in (
            await bearer.get("/api/v1/me"),
            await bearer.post("/api/v1/socket-tokens"),
            await bearer.post("/api/v1/sessions/refresh", json={"refresh_token": given["token"]}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


async def test_other_pages_cannot_make_a_browser_act(control: Control) -> None:
    async with browser_of(control) as browser:
        for headers in (
            {"origin": "https://evil.test"},
            {"origin": "null"},
            {"sec-fetch-site": "cross-site"},
            {"sec-fetch-site": "same-site"},
            {},
        ):
            for method, path in (
                ("DELETE", "/api/v1/sessions"),
                ("POST", "/api/v1/sessions/refresh"),
                ("POST", "/api/v1/sessions/logout"),
                ("POST", "/api/v1/socket-tokens"),
            ):
                answer = await browser.request(method, path, headers=headers)
                assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), (headers, path)
        assert (await browser.get("/api/v1/me")).status_code == 200
        answer = await browser.delete("/api/v1/sessions", headers={"sec-fetch-site": "same-origin"})
        assert answer.status_code == 204


async def test_other_pages_cannot_log_a_browser_in(control: Control) -> None:
    person = await control.sign_up()
    answer = await control.post(
        "/api/v1/sessions",
        {"email": person.email, "password": person.password, "cookies": True},
        headers={"origin": "https://evil.test"},
    )
    assert answer.json()["code"] == "csrf"
    assert "set-cookie" not in answer.headers
