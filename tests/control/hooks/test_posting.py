"""What comes in at a webhook's address: said once, refused clearly, and its secret in no log."""

from __future__ import annotations

import logging
from typing import Any

import pytest
import trio

from common import feed
from common.ids import uuid7
from control.edge import loggable
from control.hooks import posting
from tests.control.hooks.conftest import Hooked
from tests.control.rooms.conftest import refused
from tests.support.control import Control, running_control


async def test_what_is_posted_is_on_its_way_once_it_is_answered(hooked: Hooked) -> None:
    answer = await hooked.post("배포가 끝났습니다 🎉")
    assert answer.status_code == 202
    posted = answer.json()
    assert posted["repeated"] is False
    assert await hooked.said() == [
        feed.HookSpoke(
            room=hooked.room,
            hook=hooked.hook["id"],
            post=posted["id"],
            name="빌드 알림",
            text="배포가 끝났습니다 🎉",
        )
    ]


async def test_a_post_may_come_under_another_name(hooked: Hooked) -> None:
    assert (await hooked.post(username="  밤의   빌드 ")).status_code == 202
    assert [said.name for said in await hooked.said()] == ["밤의 빌드"]


async def test_a_wrong_secret_and_an_unknown_webhook_cannot_be_told_apart(
    control: Control, hooked: Hooked
) -> None:
    secret = hooked.address.rpartition("/")[2]
    answers = [
        await control.http.post(path, json={"text": "x"})
        for path in (
            f"/hooks/{hooked.hook['id']}/{secret[:-1]}x",
            f"/hooks/{hooked.hook['id']}/x",
            f"/hooks/{uuid7()}/{secret}",
        )
    ]
    bodies = []
    for answer in answers:
        body = refused(answer, "hook_wrong")
        assert secret not in answer.text
        bodies.append({name: value for name, value in body.items() if name not in {"instance", "request_id"}})
    assert bodies[0] == bodies[1] == bodies[2]
    assert await hooked.said() == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid"),
        ({"text": None}, "invalid"),
        ({"text": ["x"]}, "invalid"),
        ({"text": "x\u0000"}, "invalid"),
        ({"text": ""}, "text_empty"),
        ({"text": " \n\t "}, "text_empty"),
        ({"text": "힣" * 4001}, "text_too_long"),
        ({"text": "x" * 70_000}, "too_large"),
        ({"text": "x", "username": ""}, "invalid"),
        ({"text": "x", "username": "x" * 41}, "invalid"),
        ({"text": "x", "username": "a\nb\u0007"}, "invalid"),
    ],
)
async def test_what_cannot_be_said_is_refused_with_its_reason(hooked: Hooked, body: Any, code: str) -> None:
    refused(await hooked.control.http.post(hooked.address, json=body), code)
    assert await hooked.said() == []


async def test_the_longest_text_is_taken(hooked: Hooked) -> None:
    assert (await hooked.post("👋" * 4000)).status_code == 202


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"{", "application/json", "malformed"),
        (b'{"text":"\\ud800"}', "application/json", "malformed"),
        (b"text=x", "application/x-www-form-urlencoded", "unsupported_media"),
    ],
)
async def test_what_is_no_json_is_refused(hooked: Hooked, content: bytes, media_type: str, code: str) -> None:
    answer = await hooked.control.http.post(
        hooked.address, content=content, headers={"content-type": media_type}
    )
    refused(answer, code)


# --- once ---------------------------------------------------------------------------------------------------------


async def test_a_post_that_is_repeated_under_its_key_is_said_once(hooked: Hooked) -> None:
    answers: list[dict[str, Any]] = []

    async def post() -> None:
        answer = await hooked.post("한 번만", key="build-1432")
        assert answer.status_code == 202
        answers.append(answer.json())

    async with trio.open_nursery() as nursery:
        for _ in range(8):
            nursery.start_soon(post)
    assert len({answer["id"] for answer in answers}) == 1
    assert sorted(answer["repeated"] for answer in answers) == [False] + [True] * 7
    assert [said.text for said in await hooked.said()] == ["한 번만"]


async def test_without_a_key_and_with_another_it_is_said_again(hooked: Hooked) -> None:
    for key in (None, None, "one", "two"):
        assert (await hooked.post("again", key=key)).status_code == 202
    assert len(await hooked.said()) == 4


async def test_a_key_is_good_for_one_thing_to_say(hooked: Hooked) -> None:
    assert (await hooked.post("first", key="k")).status_code == 202
    refused(await hooked.post("second", key="k"), "key_reused")
    refused(await hooked.post("first", key="k", username="somebody else"), "key_reused")
    assert [said.text for said in await hooked.said()] == ["first"]


@pytest.mark.parametrize("key", ["", "x" * 129, "a b"])
async def test_a_key_is_short_and_plain(hooked: Hooked, key: str) -> None:
    refused(await hooked.post("x", key=key), "invalid")


async def test_posts_of_one_webhook_have_a_pace(control: Control, hooked: Hooked) -> None:
    one_at_once = 1 / posting.PACE.count
    async with running_control(control.services.settings, rate_scale=one_at_once) as strict:
        at_strict = Hooked(strict, hooked.owner, hooked.room, hooked.hook, hooked.address)
        assert (await at_strict.post("one")).status_code == 202
        refusal = refused(await at_strict.post("two"), "rate_limited")
    assert 0 < refusal["retry_after_ms"] <= 60_000
    assert [said.text for said in await hooked.said()] == ["one"]


# --- the secret -------------------------------------------------------------------------------------------------------


async def test_the_secret_of_an_address_is_in_no_log(
    control: Control, hooked: Hooked, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = hooked.address.rpartition("/")[2]
    for ours in ("httpx", "httpcore"):  # the client's own log, which is in this process, too
        logging.getLogger(ours).setLevel(logging.CRITICAL)
    with caplog.at_level(logging.DEBUG):
        await hooked.post()
        await hooked.post("")
        for path in (hooked.address, f"{hooked.address}/", f"/x{hooked.address}", f"{hooked.address}/x"):
            answers = [await control.http.get(path), await control.http.post(path, json={"text": []})]
            for answer in answers:
                assert secret not in answer.text, (answer.url, answer.text)
    out, err = capfd.readouterr()
    assert secret not in out + err + caplog.text


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/hooks/an-id/a-secret", "/hooks/an-id/[secret]"),
        ("/hooks/an-id/a-secret/", "/hooks/an-id/[secret]"),
        ("//hooks//an-id/a\nsecret", "//hooks//an-id/[secret]"),
        ("/HOOKS/an-id/a-secret", "/HOOKS/an-id/[secret]"),
        ("/api/v1/rooms/r/hooks/an-id", "/api/v1/rooms/r/hooks/an-id"),
        ("/api/v1/rooms", "/api/v1/rooms"),
    ],
)
def test_a_path_is_logged_without_it(path: str, expected: str) -> None:
    assert loggable(path) == expected
