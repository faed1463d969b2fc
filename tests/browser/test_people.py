"""People find each other, ask each other in, and keep those away whom they would rather not meet."""

from __future__ import annotations

from tests.browser.rooms import a_room_of, acts_on_the_last, comes_in, says
from tests.browser.screens import ADMIN
from tests.browser.visitor import Visitor, enter
from tests.support.chromium import Chromium
from tests.support.yard import Yard, logged_in

_SEND = "document.querySelector('dialog form').requestSubmit()"


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


async def reports(visitor: Visitor, reason: str, words: str) -> None:
    """What the dialog asks for, and sends it."""
    choice = "document.querySelector('dialog select')"
    await visitor.page.until(f"!!{choice}")
    await visitor.page.run(f"{choice}.value = '{reason}'; {choice}.dispatchEvent(new Event('change'))")
    await visitor.fills("dialog textarea", words)
    await visitor.page.run(_SEND)


async def test_somebody_and_what_they_said_are_reported_with_a_reason_and_words_that_admins_read(
    chromium: Chromium, yard: Yard
) -> None:
    room = await a_room_of(yard, "이슬", "바다")
    iseul = await comes_in(chromium, yard, "이슬", room)
    await says(iseul, "쌀 팔아요")
    bada = await comes_in(chromium, yard, "바다", room)
    await bada.sees("쌀 팔아요")
    await acts_on_the_last(bada, "신고")
    await reports(bada, "spam", "방마다 같은 말을 해요")
    await bada.hears("신고했어요")
    with logged_in(yard, "이슬") as http:
        person = http.get("/api/v1/me").json()["id"]
    await bada.goes(f"/people/{person}")
    await bada.presses("신고하기")
    await reports(bada, "fraud", "약속한 곳에 오지 않았어요")
    await bada.page.until("!document.querySelector('dialog')")
    await bada.presses("신고하기")
    await reports(bada, "other", "다시 한 번")
    await bada.finds("dialog .fault-note")  # once is enough
    admin = await enter(chromium, yard, ADMIN, "/admin/reports")
    for told in ("쌀 팔아요", "광고", "방마다 같은 말을 해요", "속임수", "약속한 곳에 오지 않았어요"):
        await admin.sees(told)
    assert "다시 한 번" not in await admin.page.run("document.body.innerText")
    for visitor in (bada, admin):
        assert await visitor.complaints() == []


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
