"""Questions: asked, listed, changed, taken back."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import trio

from control.settings import Settings
from tests.control.board.conftest import answer, ask, comment, page, path_of
from tests.control.reports.conftest import Admins, admins
from tests.control.rooms import test_plans
from tests.control.rooms.conftest import Guest, Guests, Json, good, refused
from tests.control.uploads.conftest import picture, sent, store
from tests.support.categories import offer
from tests.support.control import Control

__all__ = ["admins", "store"]

NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"
ORDERS = ("newest", "unanswered", "liked")


async def listed(guest: Guest, **query: Any) -> list[str]:
    """The titles of a list, page after page."""
    titles: list[str] = []
    cursor: Json = {}
    while True:
        found = good(await guest.http.get("/api/v1/questions", params={"limit": 2, **query, **cursor}))
        titles += [each["title"] for each in found["questions"]]
        if found["next"] is None:
            return titles
        assert len(found["questions"]) == 2
        cursor = {"cursor": found["next"]}


async def change(guest: Guest, question: Json, **wanted: Any) -> httpx.Response:
    return await guest.http.patch(path_of(question), json=wanted)


async def remove(guest: Guest, question: Json) -> httpx.Response:
    return await guest.http.delete(path_of(question))


async def test_a_question_is_asked_and_read_by_everybody(control: Control, guests: Guests) -> None:
    await offer(control, "development")
    mina, jun = await guests(2)
    asked = await ask(
        mina,
        "  트리오란? ",
        "하나\n둘  ",
        category="development",
        tags=["#파이썬", "Trio", "trio", "파이썬 "],
    )
    seen = (await page(jun, asked))["question"]
    assert seen == asked
    assert seen["author"] == {"id": mina.id, "nickname": mina.nickname, "mentor": False, "avatar": None}
    assert (seen["title"], seen["text"]) == ("트리오란?", "하나\n둘")
    assert (seen["category"], seen["tags"]) == ("development", ["파이썬", "Trio"])
    assert (seen["answers"], seen["comments"], seen["likes"], seen["best"]) == (0, 0, 0, None)
    assert (seen["liked"], seen["folded"], seen["edited_at"]) == (False, False, None)
    refused(await control.http.get(path_of(asked)), "unauthenticated")
    refused(await jun.http.get(f"/api/v1/questions/{NOBODY}"), "question_not_found")


async def test_every_list_in_every_order_has_what_belongs_there(control: Control, guests: Guests) -> None:
    await offer(control, "music", "exam")
    mina, jun, sol = await guests(3)
    asked = [
        await ask(
            mina if number % 2 else jun,
            str(number),
            category="music" if number < 4 else None,
            tags=["가"] if number in {1, 4, 6} else [],
        )
        for number in range(7)
    ]
    for number in (0, 4, 5):
        await answer(sol, asked[number])
    for guest, number in ((sol, 2), (mina, 2), (sol, 6), (sol, 1)):
        good(await guest.http.put(f"{path_of(asked[number])}/like"))
    lists: dict[str, Json] = {
        "6543210": {},
        "3210": {"category": "music"},
        "641": {"tag": "가"},
        "531": {"author": mina.id},
        "": {"category": "exam"},
    }
    likes = [0, 1, 2, 0, 0, 0, 1]
    for numbers, which in lists.items():
        by_likes = sorted(numbers, key=lambda number: (likes[int(number)], int(number)), reverse=True)
        orders = {
            "newest": list(numbers),
            "unanswered": [number for number in numbers if number not in "045"],
            "liked": by_likes,
        }
        for order, expected in orders.items():
            assert await listed(sol, order=order, **which) == expected, (order, which)
    assert await listed(sol, tag="#가") == ["6", "4", "1"]


async def test_a_page_is_not_moved_by_what_is_asked_meanwhile(guests: Guests) -> None:
    mina, jun = await guests(2)
    asked = [await ask(mina, str(number)) for number in range(5)]
    first = good(await jun.http.get("/api/v1/questions", params={"limit": 2}))
    await ask(mina, "new")
    assert (await remove(mina, asked[3])).status_code == 204
    query = {"limit": 2, "cursor": first["next"]}
    second = good(await jun.http.get("/api/v1/questions", params=query))
    assert [each["title"] for each in second["questions"]] == ["2", "1"]


async def test_a_list_shows_the_beginning_of_what_was_asked(guests: Guests) -> None:
    mina, jun = await guests(2)
    await ask(mina, text="가" * 300)
    (found,) = good(await jun.http.get("/api/v1/questions"))["questions"]
    assert found["excerpt"] == "가" * 200
    assert "text" not in found


async def test_who_asked_changes_it_and_it_moves_to_other_lists(control: Control, guests: Guests) -> None:
    await offer(control, "music", "exam")
    mina, jun = await guests(2)
    asked = await ask(mina, "one", category="music", tags=["a", "b"])
    good(await jun.http.put(f"{path_of(asked)}/like"))
    await answer(jun, asked)
    changed = good(await change(mina, asked, title="two", category="exam", tags=["B", "c"]))
    assert (changed["title"], changed["text"], changed["category"]) == ("two", asked["text"], "exam")
    assert changed["tags"] == ["B", "c"]
    assert changed["edited_at"] >= changed["asked_at"]
    for which, expected in (
        ({"category": "music"}, []),
        ({"category": "exam"}, ["two"]),
        ({"tag": "a"}, []),
        ({"tag": "b"}, ["two"]),
        ({"tag": "C"}, ["two"]),
        ({"author": mina.id}, ["two"]),
        ({}, ["two"]),
    ):
        assert await listed(jun, **which) == expected, which
        assert await listed(jun, order="liked", **which) == expected, which
        assert await listed(jun, order="unanswered", **which) == [], which
    assert good(await change(mina, asked, category=None))["category"] is None
    assert await listed(jun, category="exam") == []


async def test_to_change_nothing_is_no_edit(guests: Guests) -> None:
    (mina,) = await guests(1)
    asked = await ask(mina, tags=["a"])
    assert good(await change(mina, asked)) == asked
    assert good(await change(mina, asked, title=asked["title"], tags=["a"])) == asked


async def test_nobody_changes_or_removes_what_is_not_his(guests: Guests) -> None:
    mina, jun = await guests(2)
    asked = await ask(mina)
    refused(await change(jun, asked, title="mine"), "forbidden")
    refused(await remove(jun, asked), "forbidden")
    refused(await change(jun, {"id": NOBODY}, title="mine"), "question_not_found")
    refused(await remove(jun, {"id": NOBODY}), "question_not_found")
    assert (await page(jun, asked))["question"] == asked


async def test_of_a_removed_question_nothing_is_left(control: Control, guests: Guests) -> None:
    mina, jun = await guests(2)
    asked = await ask(mina, "gone", tags=["a"])
    good(await jun.http.put(f"{path_of(asked)}/like"))
    assert (await remove(mina, asked)).status_code == 204
    refused(await remove(mina, asked), "question_not_found")
    for path in ("", "/answers", "/comments"):
        refused(await jun.http.get(path_of(asked) + path), "question_not_found")
    for which in ({}, {"tag": "a"}, {"author": mina.id}):
        assert await listed(jun, **which) == []
    refused(await change(mina, asked, title="back"), "question_not_found")
    refused(await jun.http.put(f"{path_of(asked)}/like"), "question_not_found")
    refused(await jun.http.post(f"{path_of(asked)}/answers", json={"text": "late"}), "question_not_found")


async def test_a_question_that_was_answered_stays(guests: Guests, admins: Admins) -> None:
    mina, jun = await guests(2)
    (sol,) = await admins(1)
    asked = await ask(mina)
    given = await answer(jun, asked)
    refused(await remove(mina, asked), "question_answered")
    assert (await remove(sol, asked)).status_code == 204  # a moderator may
    refused(await jun.http.get(path_of(asked)), "question_not_found")
    refused(await jun.http.patch(path_of(given), json={"text": "still"}), "answer_not_found")
    refused(await jun.http.get(f"{path_of(given)}/comments"), "answer_not_found")
    assert good(await jun.http.get(f"/api/v1/people/{jun.id}/answers"))["answers"] == []


async def test_with_a_question_or_an_answer_goes_what_is_below_it(
    control: Control, guests: Guests, admins: Admins, store: httpx.AsyncClient
) -> None:
    mina, jun = await guests(2)
    (sol,) = await admins(1)
    asked, kept = await ask(mina), await ask(mina)
    upload = (await sent(jun, store, picture(), purpose="post_image"))["id"]
    for given in (await answer(jun, asked, pictures=[upload]), await answer(jun, kept)):
        remark = await comment(jun, given)
        await comment(mina, given, parent=remark)
        assert good(await mina.http.put(f"/api/v1/comments/{remark['id']}/like"))["likes"] == 1
    good(await mina.http.put(f"{path_of(given)}/like"))
    await comment(jun, asked)
    for who, post in ((sol, asked), (jun, given)):
        assert (await remove(who, post)).status_code == 204
    left = """
        SELECT (SELECT count(*) FROM answers WHERE removed_at IS NULL) + (SELECT count(*) FROM board_comments)
             + (SELECT count(*) FROM board_likes) + (SELECT count(*) FROM board_pictures)
             + (SELECT sum(answers + comments) FROM questions) + (SELECT sum(comments) FROM answers)
    """
    assert await test_plans.ask(control.services.db, left) == 0
    refused(await jun.http.get(f"/api/v1/uploads/{upload}"), "not_found")  # swept away


async def test_either_it_is_taken_back_or_it_is_answered(guests: Guests) -> None:
    mina, jun = await guests(2)
    for _ in range(5):
        asked = await ask(mina)
        codes: dict[str, int] = {}

        async def take_back(asked: Json = asked, codes: dict[str, int] = codes) -> None:
            codes["remove"] = (await remove(mina, asked)).status_code

        async def reply(asked: Json = asked, codes: dict[str, int] = codes) -> None:
            path = f"{path_of(asked)}/answers"
            codes["answer"] = (await jun.http.post(path, json={"text": "x"})).status_code

        async with trio.open_nursery() as nursery:
            nursery.start_soon(take_back)
            nursery.start_soon(reply)
        assert codes in ({"remove": 204, "answer": 404}, {"remove": 409, "answer": 201})


async def test_a_question_shows_pictures_of_who_asked(
    guests: Guests, store: httpx.AsyncClient, control: Control
) -> None:
    mina, jun = await guests(2)
    one, two, three = [(await sent(mina, store, picture(), purpose="post_image"))["id"] for _ in range(3)]
    avatar = (await sent(mina, store, picture()))["id"]
    asked = await ask(mina, pictures=[two, one])
    assert asked["pictures"] == [two, one]
    good(await jun.http.get(f"/api/v1/uploads/{two}"))
    for guest, wrong in ((jun, three), (mina, avatar), (mina, NOBODY), (mina, one)):
        body = {"title": "x", "text": "x", "pictures": [wrong]}
        problem = refused(await guest.http.post("/api/v1/questions", json=body), "attachment_not_found")
        assert problem["fields"]["pictures"] == wrong
    assert await listed(jun) == [asked["title"]]
    assert good(await change(mina, asked, text="more"))["pictures"] == [two, one]
    assert good(await change(mina, asked, pictures=[three, one]))["pictures"] == [three, one]
    refused(await mina.http.get(f"/api/v1/uploads/{two}"), "not_found")  # swept away
    assert (await remove(mina, asked)).status_code == 204
    for upload in (one, three):
        refused(await jun.http.get(f"/api/v1/uploads/{upload}"), "not_found")
    good(await mina.http.get(f"/api/v1/uploads/{avatar}"))


async def test_whoever_i_blocked_is_folded(guests: Guests) -> None:
    mina, jun, sol = await guests(3)
    asked = await ask(mina)
    given = await answer(mina, asked)
    good_, path = 204, f"/api/v1/me/relations/blocked/{mina.id}"
    assert (await jun.http.put(path)).status_code == good_
    for guest, folded in ((jun, True), (sol, False), (mina, False)):
        (found,) = good(await guest.http.get("/api/v1/questions"))["questions"]
        seen = await page(guest, asked)
        assert found["folded"] is seen["question"]["folded"] is seen["answers"][0]["folded"] is folded
    assert seen["answers"] == [given]


async def test_what_is_no_question_is_refused(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    asked = await ask(mina)
    for wrong in (
        {"title": ""},
        {"title": " \n "},
        {"title": "가" * 101},
        {"title": "a\x07b"},
        {"text": ""},
        {"text": "  \n"},
        {"text": "가" * 10_001},
        {"tags": ["a", "b", "c", "d", "e", "f"]},
        {"tags": [""]},
        {"tags": ["##"]},
        {"tags": ["가" * 21]},
        {"pictures": [NOBODY] * 5},
        {"pictures": ["x"]},
        {"category": "No Such"},
    ):
        body = {"title": "x", "text": "x", **wrong}
        assert refused(await mina.http.post("/api/v1/questions", json=body), "invalid")["fields"], wrong
        refused(await change(mina, asked, **wrong), "invalid")
    refused(await mina.http.post("/api/v1/questions", json={"title": "x"}), "invalid")
    body = {"title": "x", "text": "x", "category": "unknown"}
    refused(await mina.http.post("/api/v1/questions", json=body), "category_unknown")
    refused(await change(mina, asked, category="unknown"), "category_unknown")
    refused(await mina.http.post("/api/v1/questions", content=b"{", headers=JSON), "malformed")
    big = b'{"title":"x","text":"' + b"x" * 70_000 + b'"}'
    refused(await mina.http.post("/api/v1/questions", content=big, headers=JSON), "too_large")
    assert await listed(mina) == [asked["title"]]


JSON = {"content-type": "application/json"}


async def test_a_retired_category_stays_where_it_was_chosen(control: Control, guests: Guests) -> None:
    await offer(control, "music")
    (mina,) = await guests(1)
    asked = await ask(mina, category="music")
    control.services.categories._take([])
    assert good(await change(mina, asked, title="still"))["category"] == "music"
    refused(await change(mina, await ask(mina), category="music"), "category_unknown")


async def test_a_list_is_chosen_by_one_thing(guests: Guests) -> None:
    (mina,) = await guests(1)
    both = {"tag": "a", "category": "music"}
    assert refused(await mina.http.get("/api/v1/questions", params=both), "invalid")["fields"].keys() == {
        "tag",
        "category",
    }
    for wrong in ({"order": "best"}, {"limit": 0}, {"limit": 101}, {"author": "x"}, {"tag": "#"}):
        refused(await mina.http.get("/api/v1/questions", params=wrong), "invalid")
    for order in ORDERS:
        for cursor in (
            "x",
            "AAAA",
            "WyJ4Il0",
            "WzQyOTQ5NjcyOTYsIjAxOThhOWQyLTZmNTAtN2MzZS05YjFhLTVmMGU2ZDJjNGI4YSJd",
        ):
            query = {"order": order, "cursor": cursor}
            problem = refused(await mina.http.get("/api/v1/questions", params=query), "invalid")
            assert "cursor" in problem["fields"]


class TestAsking:
    """Twenty questions an hour."""

    @pytest.fixture
    def control_settings(self, control_settings: Settings) -> Settings:
        from dataclasses import replace

        return replace(control_settings, rate_scale=1)

    async def test_is_limited(self, guests: Guests) -> None:
        (mina,) = await guests(1)
        for _ in range(20):
            await ask(mina)
        body = {"title": "x", "text": "x"}
        limit = refused(await mina.http.post("/api/v1/questions", json=body), "rate_limited")
        assert limit["retry_after_ms"] > 100_000
