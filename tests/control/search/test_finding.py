"""One box: substrings, slips, half-typed syllables; ranked, and only what may be seen."""

from __future__ import annotations

from typing import Any

import pytest

from common.postgres import Connection
from control.search.generations import Generations
from control.settings import Settings
from tests.control.board.conftest import path_of
from tests.control.rooms.conftest import Guests, good, refused
from tests.control.search.conftest import ask, make_mentor, search, suggest, titles
from tests.support.control import Control


@pytest.fixture(autouse=True)
def _uncached(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the cache adds has tests of its own."""
    monkeypatch.setattr(Generations, "of", lambda *_: None)


async def test_one_box_finds_rooms_questions_and_mentors(control: Control, guests: Guests) -> None:
    mina, jun, sol = await guests(3)
    room = await mina.create("한강 달리기")
    question = await ask(mina, "한강에서 뭐 하죠?")
    await make_mentor(control, jun, "한강지기")
    hits = await search(sol, "한강")
    assert {hit["kind"]: hit[hit["kind"]]["id"] for hit in hits} == {
        "room": room["id"],
        "question": question["id"],
        "mentor": jun.id,
    }
    for kind in ("room", "question", "mentor"):
        assert [hit["kind"] for hit in await search(sol, "한강", kind=kind)] == [kind]
    (found,) = await search(sol, "한강", kind="room")
    (listed,) = (await sol.listed())["rooms"]
    assert found["room"] == listed


@pytest.mark.parametrize(
    ("sought", "why"),
    [
        ("한강", "the beginning"),
        ("달리기", "another word"),
        ("리기", "inside of a word"),
        ("달ㄹ", "a syllable half typed"),
        ("달리기 한강", "words in another order"),
        ("한강 저녁", "a word of the title and one of the tags"),
        ("둔치", "in the description"),
        ("한깅", "one slip"),
        ("달래기", "one slip in a longer word"),
        ("gksrkd", "the keyboard in English"),
        ("RUN", "capitals"),
        ("ㅎㅏㄴㄱㅏㅇ", "letters one by one"),
    ],
)
async def test_a_room_is_found_by(guests: Guests, sought: str, why: str) -> None:
    (mina,) = await guests(1)
    await mina.create("한강 달리기", tags=["저녁", "run"], description="반포 둔치에서 모여요")
    await mina.create("바둑 두실 분", tags=["오목"])
    assert (await titles(mina, sought))[:1] == ["한강 달리기"], why


async def test_what_fits_better_is_higher(guests: Guests) -> None:
    (mina,) = await guests(1)
    for title, how in (
        ("산책", {"description": "마당 이야기"}),
        ("앞마당에서", {}),
        ("우리 마당", {}),
        ("꽃밭", {"tags": ["마당"]}),
        ("마당쇠들", {}),
        ("마당", {}),
        ("마덩", {}),  # looks alike
        ("바다", {}),
    ):
        await mina.create(title, **how)
    expected = ["마당", "마당쇠들", "우리 마당", "앞마당에서", "꽃밭", "산책", "마덩"]
    assert await titles(mina, "마당") == expected
    assert await titles(mina, "마당", limit=3) == expected[:3]


async def test_only_rooms_that_anybody_can_walk_into_are_found(guests: Guests) -> None:
    mina, jun = await guests(2)
    room = await mina.create("한강 하나")
    await mina.create("한강 둘", visibility="private")
    secret = await mina.create("한강 셋", visibility="secret", password="달빛 아래")
    assert await titles(jun, "한강") == await titles(mina, "한강") == ["한강 하나"]
    path = f"/api/v1/rooms/{secret['id']}"
    good(await mina.http.patch(path, json={"visibility": "public"}))
    good(await mina.http.patch(f"/api/v1/rooms/{room['id']}", json={"title": "남산 하나"}))
    assert await titles(jun, "한강") == ["한강 셋"]
    await mina.leave(secret["id"])  # the last one: it is closed
    assert await titles(jun, "한강") == []
    assert await titles(jun, "남산") == ["남산 하나"]


async def test_questions_are_found_as_they_are_now(guests: Guests) -> None:
    mina, jun = await guests(2)
    asked = await ask(mina, "트리오란?", "취소는 어떻게 하나요", tags=["파이썬"])
    for sought in ("트리오", "취소", "파이썬"):
        assert await titles(jun, sought) == ["트리오란?"]
    good(await mina.http.patch(path_of(asked), json={"title": "콰트란?", "text": "어떻게 하나요"}))
    assert await titles(jun, "콰트") == ["콰트란?"]
    assert await titles(jun, "트리오") == await titles(jun, "취소") == []
    assert (await mina.http.delete(path_of(asked))).status_code == 204
    assert await titles(jun, "콰트") == []


async def test_whoever_i_blocked_is_folded_in_what_is_found(guests: Guests) -> None:
    mina, jun = await guests(2)
    await ask(mina, "트리오란?")
    assert (await jun.http.put(f"/api/v1/me/relations/blocked/{mina.id}")).status_code == 204
    for guest, folded in ((jun, True), (mina, False)):
        (hit,) = await search(guest, "트리오")
        assert hit["question"]["folded"] is folded


async def test_who_is_no_mentor_now_is_not_found(control: Control, guests: Guests) -> None:
    mina, jun = await guests(2)
    await make_mentor(control, jun, "하늘지기", "별을 봅니다")
    for sought in ("하늘", "별을", "마당"):
        assert await titles(mina, sought) == ["하늘지기"]

    async def change(connection: Connection, statement: str) -> None:
        await connection.execute(statement, jun.id)

    for statement, expected in (
        ("UPDATE users SET nickname = '바다지기' WHERE id = $1", []),
        ("UPDATE users SET nickname = '하늘지기' WHERE id = $1", ["하늘지기"]),
        ("DELETE FROM user_roles WHERE user_id = $1 AND role = 'mentor'", []),
        ("INSERT INTO user_roles (user_id, role) VALUES ($1, 'mentor')", ["하늘지기"]),
        ("INSERT INTO suspensions (user_id, reason) VALUES ($1, 'x')", []),
        ("DELETE FROM suspensions WHERE user_id = $1", ["하늘지기"]),
    ):
        await control.services.db.transaction(change, statement)
        assert await titles(mina, "하늘") == await suggest(mina, "하늘") == expected, statement


async def test_a_count_that_is_shown_is_never_an_old_one(guests: Guests) -> None:
    mina, jun = await guests(2)
    room = await mina.create("한강 달리기")
    for count, joined in ((1, False), (2, True)):
        (hit,) = await search(jun, "한강")
        assert (hit["room"]["member_count"], hit["room"]["joined"]) == (count, joined)
        await jun.join(room["id"])


async def test_titles_are_suggested_while_they_are_typed(control: Control, guests: Guests) -> None:
    mina, jun = await guests(2)
    for title in ("한강 달리기", "한강", "북한강 산책", "서울 한강 모임", "남산"):
        await mina.create(title)
    await ask(mina, "한강은 몇 km?")
    await make_mentor(control, jun, "한결")
    assert await suggest(mina, "한강", kind="room") == ["한강", "한강 달리기", "서울 한강 모임"]
    for typed in ("ㅎ", "하", "한", "한ㄱ"):
        found = await suggest(mina, typed)
        assert {"한강", "한강 달리기", "한강은 몇 km?", "한결"} <= set(found), typed
        assert "남산" not in found
    for number in range(20):
        await mina.create(f"한강 {number}")
    assert len(await suggest(mina, "한강")) == 10


async def test_what_cannot_be_found_is_not_sought(guests: Guests) -> None:
    (mina,) = await guests(1)
    await mina.create("100% 진짜_방 \\ C++")
    for sought in ("%%", "__", "\\\\", "??", "🎉🎉"):
        assert await titles(mina, sought) == []
        assert await suggest(mina, sought) == []
    for sought in ("100%", "진짜_방", "c++", "C#"):
        assert len(await titles(mina, sought)) == 1, sought
    assert await titles(mina, " ".join(["진짜", "방"] * 20)) == ["100% 진짜_방 \\ C++"]


async def test_a_search_out_of_bounds_is_refused(control: Control, guests: Guests) -> None:
    (mina,) = await guests(1)
    wrong: tuple[Any, ...] = (
        {},
        {"text": "한"},
        {"text": " 한 "},
        {"text": "\u0007\u0007"},
        {"text": "x" * 101},
        {"text": "한강", "kind": "person"},
        {"text": "한강", "limit": 0},
        {"text": "한강", "limit": 101},
    )
    for query in wrong:
        refused(await mina.http.get("/api/v1/search", params=query), "invalid")
    for query in ({}, {"text": ""}, {"text": " "}, {"text": "x" * 101}, {"text": "x", "kind": "x"}):
        refused(await mina.http.get("/api/v1/search/suggestions", params=query), "invalid")
    for path in ("/api/v1/search", "/api/v1/search/suggestions"):
        refused(await control.http.get(path, params={"text": "한강"}), "unauthenticated")


class TestSearching:
    """A hundred and twenty a minute."""

    @pytest.fixture
    def control_settings(self, control_settings: Settings) -> Settings:
        from dataclasses import replace

        return replace(control_settings, rate_scale=0.02)

    async def test_is_limited(self, guests: Guests) -> None:
        (mina,) = await guests(1)
        for _ in range(2):
            await search(mina, "한강")
        limit = refused(await mina.http.get("/api/v1/search", params={"text": "한강"}), "rate_limited")
        assert 0 < limit["retry_after_ms"] <= 30_000
