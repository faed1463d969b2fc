"""Identity, people, common data and notices in one file: a test for each promise, by its name, on real services.

Each is told as somebody would show it; the corners of every promise have their own files beside this one. Promises that
need live sockets stand where those are: that they close within a second of a log-out, a revocation or a suspension, and
that chatd only verifies, in `endtoend/test_live_tokens.py`; that a block hides presence and closes a direct room, in
`endtoend/test_presence.py` and `test_moderating.py`; that notices and new names are heard, in `test_news_for_many.py`.
"""

from __future__ import annotations

from dataclasses import replace

import httpx
import jwt
import pytest

from common.clock import from_ms
from common.feed import NoticeChanged, SessionRevoked
from common.permissions import ROLES
from control.app import create_app
from control.commons import categories_routes
from control.identity import keys
from control.identity.social.providers import NAMES, Name
from control.operations import Operations, check
from tests.control.mentors.conftest import Mentors, mentors
from tests.control.rooms.conftest import Guest, Guests, News, good, guests, news, refused
from tests.control.test_resets import NEW, log_in, prove_email
from tests.control.test_sessions import announced
from tests.control.test_social import Elsewhere, begin, come_back, elsewhere, house, profile_as_told_by
from tests.support.categories import offer
from tests.support.control import ORIGIN, PASSWORD, Control, somebody

__all__ = ["elsewhere", "guests", "house", "mentors", "news"]


# --- identity and sessions --------------------------------------------------------------------------------------------


async def test_sign_up(control: Control) -> None:
    """A phone number proven first; then the rest. That a number is in use no stranger learns."""
    await offer(control, "music")
    person = await control.sign_up(gender="other", interests=["music"])
    form = await control.form(somebody(), proof="made up")
    refused(await control.post("/api/v1/accounts", form), "phone_unproven")
    control.clock.pass_seconds(31)
    known, unknown = [
        await control.post("/api/v1/phone-codes", {"phone": phone})
        for phone in (person.phone, somebody().phone)
    ]
    assert (known.status_code, known.json()) == (unknown.status_code, unknown.json())
    control.clock.pass_seconds(31)
    form = await control.form(replace(somebody(), phone=person.phone))
    refused(await control.post("/api/v1/accounts", form), "phone_taken")  # its holder may know


async def test_sms_codes(strict: Control) -> None:
    """Six digits, three minutes, five tries, another one after thirty seconds, and not for ever."""
    phone = somebody().phone

    async def ask() -> httpx.Response:
        return await strict.post("/api/v1/phone-codes", {"phone": phone})

    async def enter(code: str) -> httpx.Response:
        return await strict.post("/api/v1/phone-codes/verify", {"phone": phone, "code": code})

    assert (await ask()).status_code == 202
    refused(await ask(), "code_too_soon")
    code = await strict.code_of(phone)
    assert len(code) == 6
    for _ in range(5):
        refused(await enter(f"{(int(code) + 1) % 10**6:06}"), "code_wrong")
    refused(await enter(code), "code_exhausted")
    strict.clock.pass_seconds(30)
    assert (await ask()).status_code == 202
    strict.clock.pass_seconds(181)
    refused(await enter(await strict.code_of(phone)), "code_expired")
    for _ in range(4):
        strict.clock.pass_seconds(31)
        assert (await ask()).status_code == 202
    strict.clock.pass_seconds(31)
    refused(await ask(), "rate_limited")


async def test_log_in(strict: Control) -> None:
    """A short-lived token that says who and what, and a long-lived one; who guesses is locked out for a while."""
    person = await strict.sign_up()
    tokens = await strict.tokens(person)
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    assert jwt.get_unverified_header(tokens["access_token"])["alg"] == "EdDSA"
    assert {"sub", "roles", "permissions", "sid", "jti"} <= claims.keys()
    assert claims["exp"] - claims["iat"] == 15 * 60
    assert tokens["refresh_expires_at"] == strict.clock.now_ms + 14 * 24 * 3600 * 1000
    wrong = {"email": person.email, "password": "a guess or two"}
    for _ in range(10):
        refused(await strict.post("/api/v1/sessions", wrong), "credentials_wrong")
    right = {"email": person.email, "password": PASSWORD}
    assert refused(await strict.post("/api/v1/sessions", right), "rate_limited")["retry_after_ms"] > 0


async def test_where_tokens_travel(control: Control) -> None:
    """In the answer or in httpOnly cookies, which only our own pages can make a browser use."""
    person = await control.sign_up()
    body = {"email": person.email, "password": PASSWORD, "cookies": True}
    async with control.browser() as browser:
        answer = await browser.post("/api/v1/sessions", json=body, headers={"origin": ORIGIN})
        assert "access_token" not in answer.json()
        assert all("HttpOnly" in each for each in answer.headers.get_list("set-cookie"))
        assert (await browser.get("/api/v1/me")).status_code == 200
        elsewhere = {"origin": "https://elsewhere.test"}
        refused(await browser.patch("/api/v1/me", json={}, headers=elsewhere), "csrf")
        assert (await browser.patch("/api/v1/me", json={}, headers={"origin": ORIGIN})).status_code == 200


async def test_refresh(control: Control) -> None:
    """It rotates; the old one used again ends the session for everybody who holds it, once a lost answer is no excuse."""
    tokens = await control.tokens(await control.sign_up())

    async def refresh(token: str) -> httpx.Response:
        return await control.post("/api/v1/sessions/refresh", {"refresh_token": token})

    new = good(await refresh(tokens["refresh_token"]))
    assert good(await refresh(tokens["refresh_token"]))["refresh_token"] == new["refresh_token"]
    control.clock.pass_seconds(10)
    refused(await refresh(tokens["refresh_token"]), "token_reused")
    refused(await refresh(new["refresh_token"]), "session_revoked")
    refused(await control.with_token(new["access_token"]).get("/api/v1/me"), "session_revoked")


async def test_log_out(control: Control) -> None:
    """Out at this device, the refresh token refused for exactly its remaining life; or out of one, or out everywhere."""
    person = await control.sign_up()
    first, second, third, fourth = [await control.tokens(person, device=f"기기 {n}") for n in range(4)]
    out = await control.post("/api/v1/sessions/logout", {"refresh_token": first["refresh_token"]})
    assert out.status_code == 204
    redis = control.services.redis
    (key,) = await redis.call("KEYS", "{control}:blacklist:*")
    assert await redis.call("PEXPIRETIME", key) == first["refresh_expires_at"]
    at_second = control.with_token(second["access_token"])
    sessions = good(await at_second.get("/api/v1/sessions"))["sessions"]
    assert {each["device"] for each in sessions} == {"기기 1", "기기 2", "기기 3"}
    assert all(each["place"] and each["last_seen_at"] for each in sessions)
    assert (await at_second.delete(f"/api/v1/sessions/{third['session']}")).status_code == 204
    refused(await control.with_token(third["access_token"]).get("/api/v1/me"), "session_revoked")
    assert (await at_second.delete("/api/v1/sessions")).status_code == 204
    for tokens in (second, fourth):
        refused(await control.with_token(tokens["access_token"]).get("/api/v1/me"), "session_revoked")
    told = await announced(control)
    assert {each.session for each in told if isinstance(each, SessionRevoked)} == {
        each["session"] for each in (first, second, third, fourth)
    }


@pytest.mark.parametrize("by", ["phone", "email"])
async def test_password_reset(control: Control, by: str) -> None:
    """By a code to the phone or the mailbox; everybody who was in is out."""
    person = await control.sign_up()
    before = await control.log_in(person)
    proof = await (control.prove(person.phone) if by == "phone" else prove_email(control, person.email))
    answer = await control.post("/api/v1/password-resets", {"proof": proof, "password": NEW})
    assert answer.status_code == 204
    refused(await before.get("/api/v1/me"), "session_revoked")
    assert (await log_in(control, person, PASSWORD), await log_in(control, person, NEW)) == (401, 201)


@pytest.mark.parametrize("name", NAMES)
async def test_social_log_in(house: Control, elsewhere: Elsewhere, name: Name) -> None:
    """Code, PKCE and state, and no token in any address; whoever is here already links it, and logs in with it."""
    person = await house.sign_up()
    mina = await house.log_in(person)
    profile = profile_as_told_by(name, 4242, person.email, "아린")
    begun = await begin(house, name, mina)
    assert "token" not in begun["url"]
    assert good(await come_back(house, begun, elsewhere.consents(begun["url"], profile)))["linked"]
    begun = await begin(house, name)
    came = await come_back(house, begun, elsewhere.consents(begun["url"], profile))
    tokens = good(came)["tokens"]
    me = good(await house.with_token(tokens["access_token"]).get("/api/v1/me"))
    assert me["email"] == person.email


async def test_roles(control: Control) -> None:
    """Many to many, each a set of permissions that the token carries; what declares none is never served."""
    person = await control.sign_up()
    user = good(await (await control.log_in(person)).get("/api/v1/me"))["id"]
    await control.grant(user, "mentor")
    claims = jwt.decode((await control.tokens(person))["access_token"], options={"verify_signature": False})
    assert claims["roles"] == ["mentee", "mentor"]
    assert set(claims["permissions"]) == ROLES["mentee"] | ROLES["mentor"]
    table = Operations("yard")

    @table.get("/api/v1/yard", permission="yard.steal")
    async def steal() -> None:
        """Take it. Whoever may."""

    with pytest.raises(ValueError, match="no role grants"):
        check([table])
    with pytest.raises(ValueError, match="no role grants"):
        create_app(control.services, [table, categories_routes.operations])


async def test_keys(control: Control) -> None:
    """Two are alive; after a rotation what was signed before is good, and what is signed now is by the next one."""
    mina = await control.log_in(person := await control.sign_up())
    before = good(await control.http.get("/.well-known/jwks.json"))["keys"]
    assert len(before) == 2
    services = control.services
    signing = await services.db.transaction(keys.rotate, services.sealer, from_ms(control.clock()))
    assert signing == before[1]["kid"]
    control.clock.pass_seconds(61)  # within a minute every process signs with it
    tokens = await control.tokens(person)
    assert jwt.get_unverified_header(tokens["access_token"])["kid"] == signing
    assert (await mina.get("/api/v1/me")).status_code == 200


async def test_cors(control: Control) -> None:
    """For the listed origins, with credentials; others are refused. The socket checks the same list."""
    for origin, allowed in ((ORIGIN, ORIGIN), ("https://elsewhere.test", None)):
        headers = {"origin": origin, "access-control-request-method": "POST"}
        answer = await control.http.options("/api/v1/sessions", headers=headers)
        assert answer.headers.get("access-control-allow-origin") == allowed


# --- people -----------------------------------------------------------------------------------------------------------


async def test_profile(control: Control, guests: Guests) -> None:
    """Mine to change, everybody's to see."""
    mina, jun = await guests(2)
    await offer(control, "music")
    wanted = {"nickname": "먼바다", "status": "항해 중", "interests": ["music"]}
    good(await mina.http.patch("/api/v1/me/profile", json=wanted))
    seen = good(await jun.http.get(f"/api/v1/people/{mina.id}"))
    assert {name: seen[name] for name in wanted} == wanted


async def test_find_people(control: Control) -> None:
    """By nickname, e-mail or phone exactly, unless the person opted out."""
    person = await control.sign_up()
    mina, jun = await control.log_in(person), await control.log_in(await control.sign_up())

    async def found() -> list[bool]:
        known = [{"nickname": person.nickname}, {"email": person.email}, {"phone": person.phone}]
        answers = [await jun.post("/api/v1/people/find", json=each) for each in known]
        return [good(each)["person"] is not None for each in answers]

    assert await found() == [True] * 3
    await mina.patch("/api/v1/me", json={"found_by": ["nickname"]})
    assert await found() == [True, False, False]


async def test_friends(guests: Guests) -> None:
    """One-way lists; who is blocked writes not, invites not, and is told nothing."""
    mina, jun = await guests(2)

    async def put(kind: str) -> None:
        assert (await mina.http.put(f"/api/v1/me/relations/{kind}/{jun.id}")).status_code == 204

    async def listed(guest: Guest, kind: str) -> list[str]:
        page = good(await guest.http.get(f"/api/v1/me/relations/{kind}"))
        return [each["id"] for each in page["people"]]

    for kind in ("friend", "favourite"):
        await put(kind)
    assert await listed(mina, "friend") == await listed(mina, "favourite") == [jun.id]
    assert await listed(jun, "friend") == []
    await put("hidden")
    assert (await listed(mina, "friend"), await listed(mina, "hidden")) == ([], [jun.id])
    await put("blocked")
    refused(await jun.http.post("/api/v1/rooms/direct", json={"person": mina.id}), "blocked")
    room = (await jun.create())["id"]
    asked = await jun.http.post(f"/api/v1/rooms/{room}/invitations", json={"people": [mina.id]})
    assert asked.status_code == 204  # who asks cannot tell
    assert good(await mina.http.get("/api/v1/me/invitations"))["invitations"] == []
    seen = good(await jun.http.get(f"/api/v1/people/{mina.id}"))
    assert (seen["nickname"], seen["avatar"], seen["status"]) == (mina.nickname, None, "")


async def test_follow(guests: Guests, mentors: Mentors) -> None:
    """Once however often; the mentor's count follows, and so does my list."""
    (mentor,), (mina,) = await mentors(1), await guests(1)

    async def followers() -> int:
        count: int = good(await mina.http.get(f"/api/v1/mentors/{mentor.id}"))["followers"]
        return count

    for _ in range(2):
        assert (await mina.http.put(f"/api/v1/me/follows/{mentor.id}")).is_success
    assert await followers() == 1
    listed = good(await mina.http.get("/api/v1/me/follows"))
    assert [each["id"] for each in listed["mentors"]] == [mentor.id]
    for _ in range(2):
        assert (await mina.http.delete(f"/api/v1/me/follows/{mentor.id}")).is_success
    assert await followers() == 0


# --- notices and common data ------------------------------------------------------------------------------------------


async def test_notices(control: Control, guests: Guests, news: News) -> None:
    """By admins, the pinned ones first, and told to chatd for everybody."""
    (boss,) = await guests(1)
    await control.grant(boss.id, "admin")
    for title, pinned in (("첫 소식", True), ("다음 소식", False)):
        words = {"title": title, "text": "읽어 주세요"}
        body = {"ko": words, "en": words, "pinned": pinned}
        good(await boss.http.post("/api/v1/admin/notices", json=body), 201)
    listed = good(await control.http.get("/api/v1/notices"))["notices"]
    assert [each["ko"]["title"] for each in listed] == ["첫 소식", "다음 소식"]
    assert [each.ko for each in await news() if isinstance(each, NoticeChanged)] == ["첫 소식", "다음 소식"]


async def test_common_data(control: Control) -> None:
    """For anybody, before anything else: version, time, language, enums, categories, health."""
    await offer(control, "music")
    for path, field in (
        ("version", "version"), ("time", "now"), ("locale", "language"), ("enums", "errors"), ("categories", "categories"),
    ):  # fmt: skip
        assert good(await control.http.get(f"/api/v1/{path}"))[field]
    assert good(await control.http.get("/healthz"))["status"] == "ok"
    korean = await control.http.get("/api/v1/locale", headers={"accept-language": "ko-KR,en;q=0.5"})
    assert (korean.json()["language"], korean.json()["time_zone"]) == ("ko", "Asia/Seoul")
