"""Classes are found while one can register for them."""

from __future__ import annotations

import pytest

from control.search.generations import Generations
from tests.control.classes.conftest import (
    Mentors,
    School,
    admins,
    guests,
    mentors,
    news,
    paper,
    school,
    strangers,
    talk,
)
from tests.control.rooms.conftest import Guests, good
from tests.control.search.conftest import search, suggest, titles

__all__ = ["admins", "guests", "mentors", "news", "paper", "school", "strangers", "talk"]


@pytest.fixture(autouse=True)
def _uncached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Generations, "of", lambda *_: None)


async def test_a_class_is_found_while_one_can_register_for_it(
    school: School, mentors: Mentors, guests: Guests
) -> None:
    (jun,) = await mentors(1)
    (mina,) = await guests(1)
    wanted = {"title": "한글 서예", "description": "붓을 잡아 봅니다", "curriculum": ["먹 갈기"]}
    made = await school.make(jun, **wanted)
    assert await titles(mina, "서예") == await titles(jun, "서예") == []  # a draft
    good(await school.act(jun, made, "open"))
    for sought in ("서예", "서에", "붓을", "먹 갈기"):
        assert await titles(mina, sought, kind="class") == ["한글 서예"], sought
    assert await suggest(mina, "한글 ㅅ") == ["한글 서예"]
    (hit,) = await search(mina, "서예")
    seen = await school.see(mina, made)
    assert hit == {"kind": "class", "class": {name: seen[name] for name in hit["class"]}}
    good(await school.change(jun, made, title="한글 캘리그라피"))
    assert await titles(mina, "캘리") == ["한글 캘리그라피"]
    good(await school.act(jun, made, "close"))
    assert await titles(mina, "캘리") == await suggest(mina, "한글") == []
