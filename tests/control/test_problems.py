"""Every answer that says no is a problem, in the reader's language, whatever said it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import httpx
import msgspec
import pytest
import trio

from common.errors import ERRORS, MadangError, StoreUnavailable, language_of
from control import faults
from control.app import create_app
from control.listener import listen, serve_http, url_of
from control.operations import LOGGED_IN, PUBLIC, Call, Operations
from control.problems import error_of, problem_of
from control.serving import http_config
from control.settings import Settings
from tests.support.control import PATIENCE, Control, running_control

KOREAN = {"accept-language": "ko-KR,ko;q=0.9,en;q=0.8"}
operations = Operations("trouble")


class Thing(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    count: int = 1


class Things(msgspec.Struct, forbid_unknown_fields=True):
    limit: int = 10
    tags: list[str] = []


@operations.get("/bug", permission=PUBLIC)
async def bug() -> None:
    """A bug."""
    raise RuntimeError("the secret is 1234")


@operations.get("/bugs", permission=PUBLIC)
async def bugs() -> None:
    """Bugs."""
    raise ExceptionGroup("several", [RuntimeError("one"), StoreUnavailable("redis", "away")])


@operations.get("/away", permission=PUBLIC, errors=("unavailable",))
async def away() -> None:
    """A store that is away."""
    raise StoreUnavailable("postgres", "10.0.0.7 refused the connection")


@operations.get("/all-away", permission=PUBLIC, errors=("unavailable",))
async def all_away() -> None:
    """Stores that are away."""
    raise ExceptionGroup("several", [StoreUnavailable("postgres", ""), StoreUnavailable("redis", "")])


@operations.post("/things", permission=PUBLIC, status=201, body_limit=1000)
async def make(body: Thing) -> Thing:
    """Make."""
    return body


@operations.post("/deep", permission=PUBLIC)
async def deep(body: Thing) -> None:
    """Deep."""


@operations.get("/things", permission=PUBLIC)
async def read(query: Things) -> Things:
    """Read."""
    return query


@operations.get("/things/{number}", permission=PUBLIC)
async def one(number: int) -> Thing:
    """One."""
    return Thing("thing", number)


@operations.get("/mine", permission=LOGGED_IN)
async def mine(call: Call) -> None:
    """Mine."""
    assert call.person


@operations.get("/admin", permission="room.create")
async def admin(call: Call) -> None:
    """Admin."""


@asynccontextmanager
async def troubled(control: Control) -> AsyncIterator[httpx.AsyncClient]:
    """The operations of this module, over the services of `control`."""
    app, listeners = create_app(control.services, [operations]), await listen("127.0.0.1", 0)
    with trio.fail_after(PATIENCE):
        async with trio.open_nursery() as nursery:
            serve = partial(
                serve_http,
                app,
                http_config(),
                listeners=listeners,
                stop=trio.sleep_forever,
                finish=1,
                most=100,
            )
            await nursery.start(serve)
            async with httpx.AsyncClient(
                base_url=url_of(listeners[0]), verify=False, timeout=PATIENCE
            ) as http:
                yield http
            nursery.cancel_scope.cancel()


def problem(answer: httpx.Response) -> dict[str, Any]:
    """The body of a well-formed problem."""
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == answer.status_code
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body["type"] == f"/docs/errors#{body['code']}"
    assert body["title"] in {ERRORS[body["code"]].en, ERRORS[body["code"]].ko}
    return body


async def test_every_kind_of_refusal_is_a_problem(control: Control) -> None:
    async with troubled(control) as http:
        as_json = {"content-type": "application/json"}
        for method, path, options, code in (
            ("GET", "/nowhere", {}, "not_found"),
            ("GET", "/things//", {}, "not_found"),
            ("GET", "/things/", {}, "not_found"),
            ("PUT", "/things", {}, "method_not_allowed"),
            ("POST", "/things", {"content": b"{", "headers": as_json}, "malformed"),
            ("POST", "/things", {"content": b"\xff\xfe", "headers": as_json}, "malformed"),
            ("POST", "/things", {"content": b'{"name": "\xff"}', "headers": as_json}, "malformed"),
            ("POST", "/things", {"content": b'{"x": ' + b"[" * 900, "headers": as_json}, "malformed"),
            ("POST", "/deep", {"content": b'{"x": ' + b"[" * 60_000, "headers": as_json}, "malformed"),
            ("POST", "/deep", {"content": b"[" * 30_000 + b"]" * 30_000, "headers": as_json}, "malformed"),
            ("POST", "/things", {"content": b"name=x"}, "unsupported_media"),
            ("POST", "/things", {"data": {"name": "x"}}, "unsupported_media"),
            ("POST", "/things", {"json": {"name": "x" * 1000}}, "too_large"),
            ("POST", "/things", {"json": {}}, "invalid"),
            ("POST", "/things", {"json": []}, "invalid"),
            ("POST", "/things", {}, "invalid"),
            ("GET", "/things", {"params": {"limit": "many"}}, "invalid"),
            ("GET", "/things", {"params": {"limit": ["1", "2"]}}, "invalid"),
            ("GET", "/things", {"params": {"tags": "a\0"}}, "invalid"),
            ("GET", "/things/many", {}, "invalid"),
            ("POST", "/things", {"json": {"name": "x", "unknown": 1}}, "invalid"),
            ("POST", "/things", {"json": {"name": "x"}, "params": {"unknown": 1}}, "invalid"),
            ("GET", "/things", {"params": {"unknown": 1}}, "invalid"),
            ("GET", "/bug", {"params": {"unknown": 1}}, "invalid"),
            ("GET", "/mine", {}, "unauthenticated"),
            ("GET", "/mine", {"headers": {"authorization": "Bearer x"}}, "token_invalid"),
            ("GET", "/mine", {"headers": {"authorization": "Basic x"}}, "unauthenticated"),
            ("GET", "/away", {}, "unavailable"),
            ("GET", "/all-away", {}, "unavailable"),
            ("GET", "/bug", {}, "internal"),
            ("GET", "/bugs", {}, "internal"),
        ):
            answer = await http.request(method, path, **options)
            assert problem(answer)["code"] == code, (method, path, options)
            assert answer.status_code == ERRORS[code].status


async def test_a_bug_shows_nothing_of_itself(control: Control) -> None:
    async with troubled(control) as http:
        for path in ("/bug", "/bugs", "/away"):
            answer = await http.get(path)
            assert not {"1234", "10.0.0.7", "Traceback", "RuntimeError"} & set(answer.text.split())
            assert "detail" not in answer.json()


async def test_a_temporary_problem_says_when_to_come_back(control: Control) -> None:
    async with troubled(control) as http:
        answer = await http.get("/away")
        assert problem(answer)["temporary"] is True
        assert (problem(answer)["retry_after_ms"], answer.headers["retry-after"]) == (1000, "1")


async def test_korean_for_who_reads_it(control: Control) -> None:
    async with troubled(control) as http:
        answer = await http.post("/things", json={"name": 7}, headers=KOREAN)
        assert problem(answer)["title"] == ERRORS["invalid"].ko
        assert problem(answer)["fields"] == {"name": "문자열이어야 합니다 (받은 값: 정수)"}
        assert answer.headers["content-language"] == "ko"
        assert "accept-language" in answer.headers["vary"].lower()
        missing = problem(await http.post("/things", json={}, headers=KOREAN))
        assert missing["fields"] == {"name": "필수 항목입니다"}
        assert problem(await http.get("/nowhere", headers=KOREAN))["title"] == ERRORS["not_found"].ko


async def test_what_method_would_do(control: Control) -> None:
    async with troubled(control) as http:
        answer = await http.put("/things")
        assert answer.headers["allow"] == "GET, HEAD, OPTIONS, POST"


async def test_a_body_without_a_length_is_counted_too(control: Control) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'{"name": "'
        for _ in range(100):
            yield b"x" * 1000

    async with troubled(control) as http:
        answer = await http.post("/things", content=endless(), headers={"content-type": "application/json"})
        assert problem(answer)["code"] == "too_large"


async def test_bodies_and_queries_that_are_right(control: Control) -> None:
    async with troubled(control) as http:
        made = await http.post("/things", json={"name": "\\u0000"})
        assert (made.status_code, made.json()) == (201, {"name": "\\u0000", "count": 1})
        read = await http.get("/things", params={"limit": "5", "tags": ["a", "b"]})
        assert read.json() == {"limit": 5, "tags": ["a", "b"]}
        assert (await http.get("/things/7")).json()["count"] == 7
        head = await http.head("/things")
        assert (head.status_code, head.content) == (200, b"")


async def test_one_who_lacks_a_permission(control: Control) -> None:
    person = await control.sign_up()
    token = (await control.tokens(person))["access_token"]

    async def demote(connection: Any) -> None:
        await connection.execute("DELETE FROM user_roles")

    async with troubled(control) as http:
        headers = {"authorization": f"Bearer {token}"}
        assert (await http.get("/admin", headers=headers)).status_code == 204
        await control.services.db.transaction(demote)
        headers = {"authorization": f"Bearer {(await control.tokens(person))['access_token']}"}
        assert problem(await http.get("/admin", headers=headers))["code"] == "forbidden"


# --- ids, addresses, headers ------------------------------------------------------------------------------------------


async def test_an_id_from_a_proxy_of_ours_is_kept(control: Control) -> None:
    sane = await control.http.get("/healthz", headers={"x-request-id": "from-the-proxy-1"})
    assert sane.headers["x-request-id"] == "from-the-proxy-1"
    for insane in ("short", "x" * 65, "new line?", "a;b=cdefgh"):
        answer = await control.http.get("/healthz", headers={"x-request-id": insane})
        assert answer.headers["x-request-id"] != insane


async def test_an_id_from_anybody_else_is_not(control_settings: Settings) -> None:
    async with running_control(control_settings, trusted_proxies=()) as control:
        answer = await control.http.get("/healthz", headers={"x-request-id": "from-somebody"})
        assert answer.headers["x-request-id"] != "from-somebody"


async def test_headers_that_every_answer_has(control: Control) -> None:
    for path in ("/healthz", "/nowhere"):
        headers = (await control.http.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers
        assert "strict-transport-security" not in headers  # plain http, in tests


async def test_cors_is_for_the_listed_origins(control: Control) -> None:
    ask = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    ours = await control.http.options("/api/v1/sessions", headers={"origin": "http://pages.test", **ask})
    assert ours.headers["access-control-allow-origin"] == "http://pages.test"
    assert ours.headers["access-control-allow-credentials"] == "true"
    assert "POST" in ours.headers["access-control-allow-methods"]
    theirs = await control.http.options("/api/v1/sessions", headers={"origin": "https://evil.test", **ask})
    assert not [name for name in theirs.headers if name.startswith("access-control")]
    simple = await control.http.get("/nowhere", headers={"origin": "http://pages.test"})
    assert simple.headers["access-control-allow-origin"] == "http://pages.test"
    assert "origin" in simple.headers["vary"].lower()


# --- pure -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "fields"),
    [
        (Thing, b'{"name": 1}', {"name": "Expected `str`, got `int`"}),
        (Thing, b"{}", {"name": "Required"}),
        (Thing, b"[]", {"$": "Expected `object`, got `array`"}),
        (dict[str, Thing], b'{"a": {}}', {"[...].name": "Required"}),
        (list[Thing], b'[{"name": "a", "count": null}]', {"[0].count": "Expected `int`, got `null`"}),
    ],
)
def test_where_and_what(kind: Any, value: bytes, fields: dict[str, str]) -> None:
    with pytest.raises(msgspec.ValidationError) as fault:
        msgspec.json.decode(value, type=kind)
    assert faults.of(fault.value) == fields


def test_what_msgspec_finds_is_said_in_korean() -> None:
    from typing import Annotated, Literal

    from msgspec import Meta

    for kind, value in (
        (Annotated[str, Meta(min_length=2)], "a"),
        (Annotated[str, Meta(max_length=2)], "abc"),
        (Annotated[str, Meta(pattern="^a$")], "b"),
        (Annotated[int, Meta(ge=2)], 1),
        (Annotated[int, Meta(lt=2)], 2),
        (Annotated[list[int], Meta(max_length=1)], [1, 2]),
        (Annotated[dict[str, int], Meta(max_length=1)], {"a": 1, "b": 2}),
        (Literal["a", "b"], "c"),
        (Annotated[float, Meta(multiple_of=0.5)], 0.3),
        (int | None, "x"),
        (list[int], {}),
        (bool, 1.5),
    ):
        with pytest.raises(msgspec.ValidationError) as fault:
            msgspec.convert(value, kind)
        [sentence] = faults.of(fault.value).values()
        korean = faults.say(sentence, "ko")
        assert any("가" <= each <= "힣" for each in korean), sentence
        assert faults.say(sentence, "en") == sentence


def test_korean_endings_go_by_the_syllable_before_them() -> None:
    said = {
        "Expected `int`, got `str`": "정수여야 합니다 (받은 값: 문자열)",
        "Expected `int | null`, got `str`": "정수 또는 null이어야 합니다 (받은 값: 문자열)",
        "Expected `array`, got `int`": "배열이어야 합니다 (받은 값: 정수)",
        "Expected `str` of length >= 2": "2자 이상이어야 합니다",
        "Expected `str` of length <= 2": "2자 이하여야 합니다",
        "Expected `int` <= 5": "5 이하여야 합니다",
        "Expected `float` that's a multiple of 0.5": "0.5의 배수여야 합니다",
    }
    assert {sentence: faults.say(sentence, "ko") for sentence in said} == said


def test_a_whole_error_that_is_about_one_field_is_said_there_in_korean_too() -> None:
    error = MadangError("nickname_taken", fields={"nickname": ERRORS["nickname_taken"].en})
    said = problem_of(error, language="ko", path="/x", request_id="r")
    assert said.fields == {"nickname": "이미 사용 중인 닉네임입니다."}


async def test_where_a_body_cannot_be_read_is_told_as_far_as_it_is_known(control: Control) -> None:
    bodies = {
        b'{"name": bad}': {"$": "JSON이 아닙니다 (9바이트째)"},
        b'{"name": "\xff"}': {"$": "UTF-8이어야 합니다"},
        b"{": None,
    }
    async with troubled(control) as http:
        headers = {"content-type": "application/json", **KOREAN}
        for body, fields in bodies.items():
            told = (await http.post("/things", content=body, headers=headers)).json()
            assert (told["code"], told.get("fields")) == ("malformed", fields)


def test_fields_are_told_in_a_sentence_too() -> None:
    error = MadangError("invalid", fields={"a": "Required", "b": "Required"})
    said = problem_of(error, language="en", path="/x", request_id="r")
    assert said.detail == "a: Required; b: Required"
    assert json.loads(msgspec.json.encode(said))["fields"] == {"a": "Required", "b": "Required"}


def test_where_it_happened_is_a_uri() -> None:
    said = problem_of(MadangError("not_found"), language="en", path="/방/a b", request_id="r")
    assert said.instance == "/%EB%B0%A9/a%20b"


def test_an_error_of_ours_is_itself() -> None:
    error = MadangError("conflict")
    assert error_of(error) is error


def test_the_language_that_is_asked_for() -> None:
    for header, language in (
        (None, "en"),
        ("", "en"),
        ("ko", "ko"),
        ("ko-KR", "ko"),
        ("de, ko;q=0.5", "ko"),
        ("en;q=0.9, ko;q=0.8", "en"),
        ("ko;q=0", "en"),
        ("ko;q=nonsense, en", "en"),
    ):
        assert language_of(header) == language, header
