"""Company for a meal, or to study: asked for in a post, and found at random."""

from __future__ import annotations

from tests.browser.visitor import enter
from tests.support.chromium import Chromium
from tests.support.yard import Yard

_FIRST_CHIPS = (
    """[...document.querySelectorAll("form .chips")].map((each) => each.querySelector("input").click());0"""
)


async def test_who_looks_for_company_hears_of_who_joins_and_both_meet_in_a_room(
    chromium: Chromium, yard: Yard
) -> None:
    haneul = await enter(chromium, yard, "하늘", "/meet")
    await haneul.presses("글쓰기")
    await haneul.types("제목", "강가에서 김밥 먹어요")
    await haneul.page.run(_FIRST_CHIPS)
    await haneul.presses("올리기")
    await haneul.sees("2명 가운데 1명")

    bada = await enter(chromium, yard, "바다", "/meet")
    await bada.types("글 찾기", "아무도 쓰지 않은 말")
    await bada.sees("그런 글이 아직 없어요")
    await bada.types("글 찾기", "밥 강가")  # words in any order, each anywhere inside one
    await bada.presses("강가에서 김밥 먹어요")
    await bada.presses("함께하기")
    await haneul.sees("2명 가운데 2명")
    await bada.types("댓글 쓰기", "돗자리는 제가 가져갈게요.")
    await bada.presses("남기기")
    await haneul.sees("돗자리는 제가 가져갈게요.")

    await bada.presses("빠지기")
    await bada.is_sure()
    await haneul.sees("2명 가운데 1명")
    await bada.presses("함께하기")
    await haneul.presses("이대로 확정")
    await haneul.is_sure()
    await bada.hears("만나게 되었어요! 방이 열렸어요: 강가에서 김밥 먹어요")
    await bada.goes("/meet/matches")
    await bada.sees("부터 후기를 남길 수 있어요.")
    await bada.presses("방으로 가기")
    await bada.finds(".room textarea")
    assert await haneul.complaints() + await bada.complaints() == []


async def test_two_who_want_the_same_find_each_other_at_random(chromium: Chromium, yard: Yard) -> None:
    haneul = await enter(chromium, yard, "하늘", "/meet/random?category=study")
    await haneul.presses("찾기")
    await haneul.sees("하나 이상 골라 주세요.")
    await haneul.finds("form .chip")
    await haneul.page.run(_FIRST_CHIPS)
    await haneul.presses("찾기")
    await haneul.sees("찾고 있어요")
    await haneul.sees("29:")
    await haneul.presses("그만 찾기")
    await haneul.presses("다시 찾기")
    await haneul.sees("찾고 있어요")

    river = await enter(chromium, yard, "River", "/meet/random?category=study", language="en")
    await river.finds("form .chip")
    await river.page.run(_FIRST_CHIPS)
    await river.presses("Look for somebody")
    for each, found, way, title, said in (
        (haneul, "찾았어요!", "방으로 가기", "도서관 · 각자 공부", "두 사람의 매칭이 성사되었습니다."),
        (river, "Found somebody!", "Go to the room", "Library · Each on their own", "You two are matched"),
    ):
        await each.sees(found)
        await each.presses(way)
        await each.finds(".room textarea")
        await each.page.until(f"document.querySelector('.room-title').textContent.trim() === {title!r}")
        await each.sees(said)
    assert await haneul.complaints() + await river.complaints() == []
