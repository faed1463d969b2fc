"""What was written is kept until it is said, whatever becomes of the page."""

from __future__ import annotations

from tests.browser.rooms import SAY, TEXTS, a_room_of, comes_in, says
from tests.browser.visitor import Visitor
from tests.support.chromium import Chromium
from tests.support.yard import Yard

# What is said on this page is heard by the server, and its answers are not heard here.
DEAF = """(() => {
    const write = WebSocket.prototype.send;
    WebSocket.prototype.send = function (...words) { this.onmessage = null; write.apply(this, words); };
})()"""
# The line is cut at the next word, which is lost on its way.
CUT = """(() => {
    const write = WebSocket.prototype.send;
    WebSocket.prototype.send = function () { WebSocket.prototype.send = write; this.close(); };
})()"""
KEPT = "Object.keys(localStorage).filter((key) => /^madang\\.(unsent|draft) /.test(key)).length"


async def comes_back(visitor: Visitor, room: str) -> None:
    """The page is gone, whatever was on its way, and opened anew."""
    await visitor.page.run("window.isBefore = true")
    await visitor.page.ask("Page.reload")
    await visitor.page.until("!window.isBefore && document.readyState === 'complete'")
    await visitor.finds(".frame")


async def test_what_was_written_outlives_the_page_and_is_said_once(chromium: Chromium, yard: Yard) -> None:
    room = await a_room_of(yard, "하늘", "바다")
    haneul = await comes_in(chromium, yard, "하늘", room)
    bada = await comes_in(chromium, yard, "바다", room)
    await haneul.page.run(DEAF)
    await says(haneul, "들렸지만 답을 못 받은 말")
    await bada.sees("들렸지만 답을 못 받은 말")
    await says(haneul, "아직 나가지 못한 말")
    await haneul.page.ask("Input.insertText", text="쓰다 만 말")
    await haneul.goes("/")
    await comes_back(haneul, room)  # elsewhere: it goes out all the same
    await bada.sees("아직 나가지 못한 말")
    await haneul.page.until(f"{KEPT} === 1")
    await haneul.goes(f"/rooms/{room}")
    await haneul.sees("아직 나가지 못한 말")
    await haneul.page.until(f"{SAY}.value === '쓰다 만 말'")
    for visitor in (haneul, bada):
        await visitor.page.until("!document.querySelector('.say-post')")
        said = await visitor.page.run(TEXTS)
        assert [said.count(text) for text in ("들렸지만 답을 못 받은 말", "아직 나가지 못한 말")] == [1, 1]
    await haneul.goes("/me")
    await haneul.presses("로그아웃")
    await haneul.is_at("/login")
    await haneul.page.until("document.title === '로그인 · 마당'")
    assert await haneul.page.run(KEPT) == 0
    assert await haneul.complaints() == []


async def test_what_was_refused_waits_for_a_word_of_its_author(chromium: Chromium, yard: Yard) -> None:
    room = await a_room_of(yard, "바다", "노을", slow_mode=3600)
    noeul = await comes_in(chromium, yard, "노을", room)
    await says(noeul, "첫말")
    await noeul.page.until("!document.querySelector('.say-post')")
    await says(noeul, "둘째 말")
    await noeul.sees("보내지 못했어요")
    await comes_back(noeul, room)
    await noeul.sees("보내지 못했어요")
    await noeul.presses("다시 보내기")
    await noeul.sees("보내지 못했어요")
    await noeul.presses("버리기")
    await noeul.page.until("!document.querySelector('.say-post')")
    assert await noeul.page.run(KEPT) == 0
    await comes_back(noeul, room)
    await noeul.sees("첫말")
    assert "둘째 말" not in await noeul.page.run(TEXTS)
    assert await noeul.complaints() == []


async def test_whoever_was_offline_has_lost_nothing_and_says_nothing_twice(
    chromium: Chromium, yard: Yard
) -> None:
    room = await a_room_of(yard, "하늘", "바다")
    haneul = await comes_in(chromium, yard, "하늘", room)
    bada = await comes_in(chromium, yard, "바다", room)
    await says(haneul, "말 0")
    await bada.sees("말 0")
    await haneul.is_offline(True)
    await haneul.page.run(CUT)
    await says(haneul, "말 1")
    await haneul.finds(".offline")
    for number in range(2, 7):
        await says((bada, haneul)[number % 2], f"말 {number}")
    await haneul.sees("말 5")
    await bada.sees("말 6")
    await bada.page.until("!document.querySelector('.say-post')")
    assert await talk(haneul) == ["말 0", "말 1", "말 3", "말 5"]
    assert await talk(bada) == ["말 0", "말 2", "말 4", "말 6"]
    await haneul.is_offline(False)
    for visitor in (haneul, bada):
        for number in range(7):
            await visitor.sees(f"말 {number}")
        await visitor.page.until("!document.querySelector('.say-post, .offline')")
        assert await talk(visitor) == ["말 0", "말 2", "말 4", "말 6", "말 1", "말 3", "말 5"]
    assert await haneul.complaints() == []


async def talk(visitor: Visitor) -> list[str]:
    return [text for text in await visitor.page.run(TEXTS) if text.startswith("말 ")]
