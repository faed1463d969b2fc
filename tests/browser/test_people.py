"""People find each other, ask each other in, and keep those away whom they would rather not meet."""

from __future__ import annotations

from tests.browser.visitor import enter
from tests.support.chromium import Chromium
from tests.support.yard import Yard


async def test_somebody_is_found_asked_in_and_goes_in(chromium: Chromium, yard: Yard) -> None:
    maple = await enter(chromium, yard, "Maple", language="en")
    haneul = await enter(chromium, yard, "하늘", "/people")
    await haneul.types("친구 찾기", "Maple")
    await haneul.presses("찾기")
    await haneul.finds(".profile-head")
    await haneul.presses("방에 초대하기")
    await haneul.finds("dialog .list")
    rows = "[...document.querySelectorAll('dialog .list .row')]"
    await haneul.page.run(
        f"{rows}.find((row) => row.textContent.includes('파이썬 스터디')).querySelector('button').click()"
    )
    await haneul.sees("초대했어요")
    await maple.sees("하늘 asks you in")
    await maple.presses("Go in")
    await maple.finds(".composer-text")
    assert await haneul.complaints() == []


async def test_whom_one_blocks_is_asked_about_first_and_can_be_met_again(
    chromium: Chromium, yard: Yard
) -> None:
    gureum = await enter(chromium, yard, "구름", "/people")
    await gureum.types("친구 찾기", "River")
    await gureum.presses("찾기")
    await gureum.presses("차단하기")
    await gureum.sees("River님을 차단할까요?")
    await gureum.page.run("document.querySelector('dialog .button-danger').click()")
    await gureum.sees("차단한 사람이에요")
    await gureum.presses("차단 풀기")
    await gureum.finds(".button-danger")
