"""Whoever wrote a post hears what others do about it."""

from __future__ import annotations

from common import feed
from tests.control.board.conftest import answer, ask, comment, path_of
from tests.control.rooms.conftest import Guest, Guests, Json, News, good


async def told(news: News) -> list[tuple[str, str, str, str]]:
    """Who was told what, by whom, of which post."""
    return [
        (each.user, each.change, each.by, each.post)
        for each in await news()
        if isinstance(each, feed.BoardChanged)
    ]


async def choose(guest: Guest, question: Json, answer: Json) -> None:
    for _ in range(2):
        chosen = await guest.http.put(f"{path_of(question)}/best", json={"answer": answer["id"]})
        assert chosen.status_code == 204


async def test_what_others_do_about_a_post_is_told_to_who_wrote_it(guests: Guests, news: News) -> None:
    mina, jun, sol = await guests(3)
    asked = await ask(mina, "트리오란?")
    given = await answer(jun, asked)
    below_question = await comment(sol, asked)
    below_answer = await comment(sol, given)
    reply = await comment(jun, asked, "reply", below_question)
    await choose(mina, asked, given)
    assert await told(news) == [
        (mina.id, "answered", jun.id, given["id"]),
        (mina.id, "commented", sol.id, below_question["id"]),
        (jun.id, "commented", sol.id, below_answer["id"]),
        (sol.id, "replied", jun.id, reply["id"]),
        (mina.id, "commented", jun.id, reply["id"]),
        (jun.id, "chosen", mina.id, given["id"]),
    ]
    first = next(each for each in await news() if isinstance(each, feed.BoardChanged))
    assert (first.question, first.title, first.name) == (asked["id"], "트리오란?", jun.nickname)


async def test_nobody_is_told_twice_or_of_what_he_did_himself(guests: Guests, news: News) -> None:
    mina, jun = await guests(2)
    asked = await ask(mina)
    own = await comment(mina, asked)
    await answer(mina, asked)
    await comment(mina, asked, "once more", own)
    reply = await comment(jun, asked, "reply", own)
    good(await jun.http.put(f"{path_of(asked)}/like"))
    assert await told(news) == [(mina.id, "replied", jun.id, reply["id"])]


async def test_nobody_hears_of_whom_he_blocked(guests: Guests, news: News) -> None:
    mina, jun = await guests(2)
    asked = await ask(mina)
    assert (await mina.http.put(f"/api/v1/me/relations/blocked/{jun.id}")).status_code == 204
    await answer(jun, asked)
    await comment(jun, asked)
    assert await told(news) == []
