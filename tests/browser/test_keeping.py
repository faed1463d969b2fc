"""Who keeps a room does so in the page: keeps somebody out and lets them in again, hands the room over, closes it."""

from __future__ import annotations

from tests.browser.rooms import a_room_of, comes_in
from tests.browser.screens import ADMIN
from tests.browser.visitor import Visitor, enter
from tests.support.chromium import Chromium
from tests.support.yard import Yard


async def asks(visitor: Visitor, act: str, nickname: str) -> None:
    """For an act on somebody of the room that is shown: a dialog above that of the members asks about it."""
    await visitor.presses("함께하는 사람들")
    await visitor.presses(f"{nickname} 님 관리")
    await visitor.presses(act)
    await visitor.page.until("document.querySelectorAll('.dialog').length === 2")


async def test_who_was_kept_out_is_let_in_again_is_handed_the_room_and_closes_it(
    chromium: Chromium, yard: Yard
) -> None:
    room = await a_room_of(yard, "하늘", "바다")
    haneul = await comes_in(chromium, yard, "하늘", room)
    bada = await comes_in(chromium, yard, "바다", room)
    await haneul.looks(theme="light", width=1280, height=800)
    await haneul.page.until("document.title.endsWith('우리끼리 · 마당')")

    await asks(haneul, "출입 막기", "바다")
    await haneul.types("사유", "광고를 되풀이함")
    assert await haneul.violations() == []
    await haneul.is_sure()
    await bada.sees("더는 볼 수 없는 방이에요")
    await haneul.goes(f"/rooms/{room}/manage/bans")
    await haneul.sees("사유: 광고를 되풀이함")
    await haneul.presses("출입 풀기")
    await haneul.sees("출입이 막힌 사람이 없어요")

    await haneul.presses("들어오는 길")
    await haneul.finds(".copy-field input")
    code = await haneul.page.run("document.querySelector('.copy-field input').value")
    await bada.goes("/rooms")
    await bada.presses("코드로 들어가기")
    await bada.types("참여 코드", code)
    await bada.hits("Enter")
    await bada.is_at(f"/rooms/{room}")
    await bada.finds(".room-rows > li")

    await haneul.goes(f"/rooms/{room}")
    await haneul.finds(".room-rows > li")
    await asks(haneul, "방장 넘기기", "바다")
    await haneul.is_sure()
    await bada.page.run("document.querySelector('.room-title').click()")
    await bada.presses("방 관리")
    await bada.presses("한 일")
    await bada.sees("방장을 넘김")
    await bada.sees("출입을 풀어 줌")
    await bada.presses("들어오는 길")
    await bada.presses("방 닫기")
    await bada.is_sure()
    await bada.is_at("/")
    await haneul.sees("더는 볼 수 없는 방이에요")
    assert await haneul.complaints() == []
    assert await bada.complaints() == []


async def test_what_lets_programs_speak_is_told_once_and_taken_back(chromium: Chromium, yard: Yard) -> None:
    room = await a_room_of(yard, ADMIN)
    admin = await enter(chromium, yard, ADMIN, f"/rooms/{room}/manage/hooks")
    await admin.looks(theme="light", width=1280, height=800)
    secret = "document.querySelector('.copy-field input')?.value"
    await admin.presses("웹훅 만들기")
    await admin.types("이름", "빌드 알림")
    await admin.presses("만들기")
    await admin.page.until(f"{secret}?.includes('/hooks/')")
    assert await admin.violations() == []
    await admin.presses("옮겨 두었어요")
    await admin.page.until(f"!{secret}")
    await admin.sees("아직 쓰이지 않음")
    await admin.presses("거두기")
    await admin.is_sure()
    await admin.sees("아직 웹훅이 없어요")
    await admin.page.until("document.activeElement.id === 'content'")  # what it was pressed on is gone

    await admin.goes("/me/bots")
    await admin.presses("봇 만들기")
    await admin.types("봇 이름", "점심 알리미")
    await admin.presses("만들기")
    await admin.presses("토큰 만들기")
    await admin.types("토큰 이름", "부엌")
    await admin.hits("Enter")
    await admin.page.until(f"{secret}?.startsWith('madang_bot_')")
    assert await admin.violations() == []
    await admin.goes(f"/rooms/{room}/manage/hooks")
    await admin.presses("이 방에 들이기")
    await admin.hears("이제 이 방에 점심 알리미 봇이 있어요")
    await admin.goes("/me/bots")
    await admin.sees("아직 쓰이지 않음")
    assert not await admin.page.run(secret)
    await admin.presses("봇 물러나게 하기")
    await admin.is_sure()
    await admin.sees("아직 봇이 없어요")
    assert await admin.complaints() == []
