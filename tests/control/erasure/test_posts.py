"""Erasure takes back what somebody wrote on the board, also where what it stood under is gone."""

from __future__ import annotations

import httpx
import trio

from control.erasure.posts import take_back
from tests.control.board.conftest import answer, ask, comment, path_of
from tests.control.erasure.conftest import Admins
from tests.control.rooms import test_plans
from tests.control.rooms.conftest import Guests
from tests.control.uploads.conftest import picture, sent, store
from tests.support.control import PATIENCE, Control

__all__ = ["store"]

_WORDS = """
    SELECT (SELECT count(*) FROM questions WHERE author_id = $1 AND removed_at IS NULL)
         + (SELECT count(*) FROM answers WHERE author_id = $1 AND text <> '')
         + (SELECT count(*) FROM board_comments WHERE author_id = $1 AND text <> '')
         + (SELECT count(*) FROM board_pictures)
"""
# As it was before whatever is below a post went with it.
_LEFT_BEHIND = "UPDATE questions SET title = '', text = '', removed_at = now() WHERE id = $1 RETURNING 1"


async def test_words_under_a_removed_post_are_taken_back(
    control: Control, admins: Admins, guests: Guests, store: httpx.AsyncClient
) -> None:
    (sol,) = await admins(1)
    mina, jun = await guests(2)
    unanswered, answered, commented = [await ask(mina, title) for title in ("하나", "둘", "셋")]
    await comment(jun, unanswered)
    shown = await sent(jun, store, picture(), purpose="post_image")
    await comment(jun, await answer(jun, answered, pictures=[shown["id"]]))
    below = await answer(mina, commented)
    await comment(jun, below)
    for who, post in ((mina, unanswered), (sol, answered), (mina, below)):
        assert (await who.http.delete(path_of(post))).status_code == 204
    with trio.fail_after(PATIENCE):
        await take_back(control.services, jun.id)
    assert await test_plans.ask(control.services.db, _WORDS, jun.id) == 0


async def test_words_that_cannot_be_taken_back_are_blanked(control: Control, guests: Guests) -> None:
    mina, jun = await guests(2)
    asked = await ask(mina)
    await comment(jun, asked)
    await comment(jun, await answer(jun, asked))
    await test_plans.ask(control.services.db, _LEFT_BEHIND, asked["id"])
    with trio.fail_after(PATIENCE):
        await take_back(control.services, jun.id)
    assert await test_plans.ask(control.services.db, _WORDS, jun.id) == 0
