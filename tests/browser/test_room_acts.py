"""What one does with a message, with those who say it, and with the room."""

from __future__ import annotations

import httpx

from tests.browser.rooms import (
    FRAMES,
    SCROLL,
    TEXTS,
    a_room_of,
    acts_on_the_last,
    comes_in,
    heard_by,
    token_of,
)
from tests.support.chromium import PATIENCE, Chromium
from tests.support.yard import Yard

MARK_WORDS = """(() => {
    const dialog = document.querySelector("dialog[open]");
    const bubbles = true;
    dialog.querySelector("textarea").dispatchEvent(new PointerEvent("pointerdown", { bubbles }));
    dialog.dispatchEvent(new PointerEvent("click", { bubbles }));
})()"""
PRESS_BESIDE = """(() => {
    const dialog = document.querySelector("dialog[open]");
    for (const type of ["pointerdown", "click"])
        dialog.dispatchEvent(new PointerEvent(type, { bubbles: true }));
})()"""


async def test_what_one_does_with_a_message_goes_on_whatever_others_say(
    chromium: Chromium, yard: Yard
) -> None:
    room = await a_room_of(yard, "하늘", "바다")
    async with heard_by(yard, "하늘", room) as live:
        await live.post("이 메시지").stored()
        bada = await comes_in(chromium, yard, "바다", room)
        await acts_on_the_last(bada, "신고")
        await bada.fills("dialog textarea", "사유")
        for post in [live.post(f"줄 {number}\n둘째 줄\n셋째 줄") for number in range(40)]:
            await post.stored()
        await bada.page.until(f"!{TEXTS}.includes('이 메시지')")
        assert await bada.page.run("document.querySelector('dialog textarea').value") == "사유"
    await bada.page.run(MARK_WORDS)
    await bada.page.run(FRAMES)
    assert await bada.page.run("document.querySelector('dialog textarea').value") == "사유"
    await bada.page.run(PRESS_BESIDE)
    await bada.page.until(f"document.activeElement === {SCROLL}")
    assert await bada.complaints() == []


async def test_who_is_muted_reads_so_and_who_is_put_out_is_out(chromium: Chromium, yard: Yard) -> None:
    room = await a_room_of(yard, "바다", "노을")
    bada = await comes_in(chromium, yard, "바다", room)
    noeul = await comes_in(chromium, yard, "노을", room)
    await bada.presses("함께하는 사람들")
    await bada.presses("노을 님 관리")
    await bada.presses("10분 동안 채팅 금지")
    await noeul.finds(".composer-muted")
    await bada.sees("노을 님은 잠시 말할 수 없어요")
    await bada.page.until("!document.querySelector('.member-acts')")
    await bada.presses("노을 님 관리")
    await bada.presses("채팅 금지 해제")
    await noeul.finds(".composer-text")
    await bada.page.until("!document.querySelector('.member-acts')")
    await bada.presses("노을 님 관리")
    await bada.presses("내보내기")
    await bada.sees("다시 들어올 수는 있어요")
    await bada.is_sure()
    await noeul.sees("더는 볼 수 없는 방이에요")
    await bada.sees("노을 님이 내보내졌어요")
    assert await bada.complaints() == []
    assert await noeul.complaints() == []


async def test_its_owner_gives_the_room_another_name_a_picture_tags_and_a_password(
    chromium: Chromium, yard: Yard
) -> None:
    room = await a_room_of(yard, "하늘", "바다")
    haneul = await comes_in(chromium, yard, "하늘", room)
    bada = await comes_in(chromium, yard, "바다", room)
    await bada.page.run("document.querySelector('.room-title').click()")
    await bada.finds(".dialog select")
    assert not await bada.page.run(
        "[...document.querySelectorAll('.dialog button')].some((it) => it.innerText === '고치기')"
    )
    await haneul.page.run("document.querySelector('.room-title').click()")
    await haneul.presses("고치기")
    await haneul.types("방 이름", "   ")
    await haneul.presses("저장")
    await haneul.sees("1자 이상이어야 합니다")
    await haneul.types("방 이름", "저녁 산책")
    await haneul.picks_a_picture(into=".dialog input[type=file]")
    await haneul.types("태그", "#저녁, 산책")  # while the picture is on its way
    await haneul.finds(".dialog .files-one img")
    await haneul.chooses("누가 들어올 수 있나요?", "secret")
    await haneul.types("방 비밀번호", "달빛 아래")
    await haneul.types("자리", "1")
    assert await haneul.violations() == []
    await haneul.presses("저장")
    await haneul.page.until("document.querySelector('.dialog input[name=capacity]:invalid')")
    await haneul.types("자리", "12")
    await haneul.presses("저장")
    shown = "[...document.querySelectorAll('.dialog .avatar img')].some((it) => it.naturalWidth > 0)"
    await haneul.page.until(shown)
    await bada.page.until("document.querySelector('.room-title').innerText === '저녁 산책'")
    async with httpx.AsyncClient(base_url=yard.url, verify=False, timeout=PATIENCE) as http:
        bearer = {"authorization": f"Bearer {await token_of(yard, '바다')}"}
        now = (await http.get(f"/api/v1/rooms/{room}", headers=bearer)).json()
    assert (now["tags"], now["visibility"], now["capacity"]) == (["저녁", "산책"], "secret", 12)
    assert await haneul.complaints() == []
    assert await bada.complaints() == []
