"""Likes: one of each person, exactly counted."""

from __future__ import annotations

import re

import pytest
import trio

from control.board.routes import operations
from tests.control.board.conftest import answer, ask, comment, page, path_of
from tests.control.rooms.conftest import Guest, Guests, Json, good, refused
from tests.support.control import Control

NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"


async def three_kinds(guest: Guest) -> dict[str, str]:
    """Where a question, an answer and a comment of somebody are liked."""
    asked = await ask(guest)
    given = await answer(guest, asked)
    said = await comment(guest, asked)
    return {
        "question": f"{path_of(asked)}/like",
        "answer": f"{path_of(given)}/like",
        "comment": f"/api/v1/comments/{said['id']}/like",
    }


async def test_to_like_twice_is_to_like_once(guests: Guests) -> None:
    mina, jun, sol = await guests(3)
    for path in (await three_kinds(mina)).values():
        for _ in range(2):
            assert good(await jun.http.put(path)) == {"likes": 1, "liked": True}
        assert good(await sol.http.put(path)) == {"likes": 2, "liked": True}
        for _ in range(2):
            assert good(await jun.http.delete(path)) == {"likes": 1, "liked": False}
        refused(await mina.http.put(path), "not_oneself")


async def test_what_i_like_is_marked_for_me_alone(guests: Guests) -> None:
    mina, jun = await guests(2)
    paths = await three_kinds(mina)
    for path in paths.values():
        good(await jun.http.put(path))
    asked: Json = {"id": paths["question"].split("/")[4]}
    for guest, liked in ((jun, True), (mina, False)):
        seen = await page(guest, asked)
        (listed,) = good(await guest.http.get("/api/v1/questions"))["questions"]
        (said,) = good(await guest.http.get(f"{path_of(asked)}/comments"))["comments"]
        posts = (seen["question"], seen["answers"][0], listed, said)
        assert [(each["likes"], each["liked"]) for each in posts] == [(1, liked)] * 4


@pytest.mark.parametrize("kind", ["question", "answer", "comment"])
async def test_however_many_like_at_once_the_count_is_theirs(guests: Guests, kind: str) -> None:
    mina, *others = await guests(11)
    path = (await three_kinds(mina))[kind]

    async def waver(guest: Guest, *, stays: bool) -> None:
        good(await guest.http.put(path))
        if not stays:
            good(await guest.http.delete(path))

    async with trio.open_nursery() as nursery:
        for number, guest in enumerate(others * 2):
            nursery.start_soon(lambda g, n: waver(g, stays=n % 10 < 4), guest, number)
    assert good(await others[0].http.put(path))["likes"] == 4
    if kind == "question":
        by_likes = good(await mina.http.get("/api/v1/questions", params={"order": "liked"}))
        assert by_likes["questions"][0]["likes"] == 4


async def test_what_is_not_there_cannot_be_liked(guests: Guests) -> None:
    (mina,) = await guests(1)
    for kind in ("question", "answer", "comment"):
        path = f"/api/v1/{kind}s/{NOBODY}/like"
        refused(await mina.http.put(path), f"{kind}_not_found")
        refused(await mina.http.delete(path), f"{kind}_not_found")
        refused(await mina.http.put(f"/api/v1/{kind}s/x/like"), "invalid")


async def test_the_board_is_for_people_who_are_logged_in(control: Control) -> None:
    for operation in operations.table:
        path = re.sub(r"{\w+}", NOBODY, operation.path)
        body = {} if operation.body else None
        refused(await control.http.request(operation.method, path, json=body), "unauthenticated")
