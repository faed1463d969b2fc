"""Comments: a tree of a few levels, read from top to bottom."""

from __future__ import annotations

import httpx
import pytest
import trio

from tests.control.board.conftest import answer, ask, comment, page, path_of
from tests.control.reports.conftest import Admins, admins
from tests.control.rooms.conftest import Guest, Guests, Json, good, refused

__all__ = ["admins"]

NOBODY = "0198a9d2-6f50-7c3e-9b1a-5f0e6d2c4b8a"


async def tree(guest: Guest, post: Json, limit: int = 100) -> list[str]:
    """The comments, page after page, as lines that are indented by their depth."""
    lines: list[str] = []
    query: Json = {"limit": limit}
    while True:
        found = good(await guest.http.get(f"{path_of(post)}/comments", params=query))
        lines += [
            "  " * each["depth"] + ("-" if each["removed"] else each["text"]) for each in found["comments"]
        ]
        if found["next"] is None:
            return lines
        query["cursor"] = found["next"]


async def remove(guest: Guest, each: Json) -> httpx.Response:
    return await guest.http.delete(f"/api/v1/comments/{each['id']}")


async def count(guest: Guest, question: Json) -> int:
    number: int = (await page(guest, question))["question"]["comments"]
    return number


@pytest.mark.parametrize("on", ["question", "answer"])
async def test_comments_are_read_as_a_tree_however_it_is_cut_into_pages(guests: Guests, on: str) -> None:
    mina, jun = await guests(2)
    asked = await ask(mina)
    post = asked if on == "question" else await answer(jun, asked)
    one = await comment(jun, post, "1")
    two = await comment(mina, post, "2")
    below = await comment(mina, post, "1.1", one)
    await comment(jun, post, "2.1", two)
    await comment(jun, post, "1.2", one)
    deepest = await comment(jun, post, "1.1.1.1", await comment(jun, post, "1.1.1", below))
    await comment(jun, post, "3")
    expected = ["1", "  1.1", "    1.1.1", "      1.1.1.1", "  1.2", "2", "  2.1", "3"]
    for limit in (1, 2, 3, 100):
        assert await tree(mina, post, limit) == expected
    assert (below["parent"], below["depth"], one["parent"], deepest["depth"]) == (one["id"], 1, None, 3)
    body = {"text": "too deep", "parent": deepest["id"]}
    refused(await jun.http.post(f"{path_of(post)}/comments", json=body), "comment_too_deep")
    seen = await page(mina, asked)
    assert (seen["question"] if on == "question" else seen["answers"][0])["comments"] == 8
    assert await tree(mina, asked) == (expected if on == "question" else [])


async def test_many_comments_at_once_have_places_of_their_own(guests: Guests) -> None:
    mina, jun = await guests(2)
    asked = await ask(mina)
    first = await comment(mina, asked, "first")

    async def say(number: int) -> None:
        await comment(jun, asked, f"r{number}", first if number % 2 else None)

    async with trio.open_nursery() as nursery:
        for number in range(20):
            nursery.start_soon(say, number)
    lines = await tree(mina, asked, 3)
    assert len(lines) == 21
    assert sorted(line.strip() for line in lines[1:]) == sorted(f"r{number}" for number in range(20))
    assert [line.startswith("  ") for line in lines] == [False] + [True] * 10 + [False] * 10
    assert await count(mina, asked) == 21


async def test_of_a_removed_comment_the_place_stays_while_something_is_below_it(guests: Guests) -> None:
    mina, jun = await guests(2)
    asked = await ask(mina)
    one = await comment(jun, asked, "1")
    below = await comment(mina, asked, "1.1", one)
    leaf = await comment(jun, asked, "1.1.1", below)
    good(await mina.http.put(f"/api/v1/comments/{one['id']}/like"))
    assert (await remove(jun, one)).status_code == 204
    assert (await remove(mina, below)).status_code == 204
    assert await tree(mina, asked) == ["-", "  -", "    1.1.1"]
    found = good(await mina.http.get(f"{path_of(asked)}/comments"))["comments"]
    assert (found[0]["author"], found[0]["text"], found[0]["likes"], found[0]["liked"]) == (
        None,
        "",
        0,
        False,
    )
    assert await count(mina, asked) == 1
    for each in (one, below):
        refused(await remove(jun, each), "comment_not_found")
        body = {"text": "late", "parent": each["id"]}
        refused(await jun.http.post(f"{path_of(asked)}/comments", json=body), "comment_not_found")
        refused(
            await jun.http.patch(f"/api/v1/comments/{each['id']}", json={"text": "x"}), "comment_not_found"
        )
    assert (await remove(jun, leaf)).status_code == 204
    assert await tree(mina, asked) == []
    assert await count(mina, asked) == 0
    await comment(jun, asked, "again")
    assert await tree(mina, asked) == ["again"]


async def test_who_wrote_it_changes_it_and_moderators_remove_it(guests: Guests, admins: Admins) -> None:
    mina, jun = await guests(2)
    (admin,) = await admins(1)
    asked = await ask(mina)
    said = await comment(jun, asked, "one")
    path = f"/api/v1/comments/{said['id']}"
    assert good(await jun.http.patch(path, json={"text": " one "})) == said
    changed = good(await jun.http.patch(path, json={"text": "two"}))
    assert changed["text"] == "two"
    assert changed["edited_at"] >= changed["commented_at"]
    refused(await mina.http.patch(path, json={"text": "mine"}), "forbidden")
    refused(await admin.http.patch(path, json={"text": "mine"}), "forbidden")
    refused(await remove(mina, said), "forbidden")
    assert (await remove(admin, said)).status_code == 204
    refused(await jun.http.patch(path, json={"text": "back"}), "comment_not_found")


async def test_a_reply_is_to_a_comment_on_the_same_post(guests: Guests) -> None:
    mina, jun = await guests(2)
    asked, elsewhere = await ask(mina), await ask(mina)
    stray = await comment(jun, elsewhere, "there")
    for parent in (stray["id"], NOBODY):
        body = {"text": "x", "parent": parent}
        refused(await jun.http.post(f"{path_of(asked)}/comments", json=body), "comment_not_found")
    assert await count(mina, asked) == 0


async def test_whoever_i_blocked_is_folded_in_comments(guests: Guests) -> None:
    mina, jun = await guests(2)
    asked = await ask(mina)
    await comment(jun, asked)
    assert (await mina.http.put(f"/api/v1/me/relations/blocked/{jun.id}")).status_code == 204
    for guest, folded in ((mina, True), (jun, False)):
        (found,) = good(await guest.http.get(f"{path_of(asked)}/comments"))["comments"]
        assert found["folded"] is folded


async def test_with_its_question_a_comment_is_gone(guests: Guests) -> None:
    mina, jun = await guests(2)
    asked = await ask(mina)
    said = await comment(jun, asked)
    assert (await mina.http.delete(path_of(asked))).status_code == 204
    path = f"/api/v1/comments/{said['id']}"
    refused(await jun.http.patch(path, json={"text": "x"}), "comment_not_found")
    refused(await mina.http.put(f"{path}/like"), "comment_not_found")
    refused(await remove(jun, said), "comment_not_found")


async def test_what_is_no_comment_is_refused(guests: Guests) -> None:
    mina, jun = await guests(2)
    asked = await ask(mina)
    given = await answer(jun, asked)
    said = await comment(jun, asked)
    for wrong in ({}, {"text": ""}, {"text": " "}, {"text": "x" * 1001}, {"text": "a\x07"}):
        for post in (asked, given):
            refused(await jun.http.post(f"{path_of(post)}/comments", json=wrong), "invalid")
        refused(await jun.http.patch(f"/api/v1/comments/{said['id']}", json=wrong), "invalid")
    refused(await jun.http.post(f"{path_of(asked)}/comments", json={"text": "x", "parent": "x"}), "invalid")
    nowhere: tuple[tuple[Json, str], ...] = (
        ({"id": NOBODY}, "question_not_found"),
        ({"id": NOBODY, "question": ""}, "answer_not_found"),
    )
    for post, code in nowhere:
        refused(await jun.http.post(f"{path_of(post)}/comments", json={"text": "x"}), code)
        refused(await jun.http.get(f"{path_of(post)}/comments"), code)
    for cursor in ("x", "WyJ4Il0", "WzQyOTQ5NjcyOTZd", "WzEsMSwxLDEsMSwxLDEsMSwxXQ"):
        refused(await jun.http.get(f"{path_of(asked)}/comments", params={"cursor": cursor}), "invalid")
