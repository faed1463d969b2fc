"""Two people talk in a room, as they see it."""

from __future__ import annotations

import os
import signal

from tests.browser.screens import places
from tests.browser.visitor import Visitor, open_visitor
from tests.support.chromium import Chromium
from tests.support.yard import Yard

SAY = "document.querySelector('.composer-text')"
TEXTS = "[...document.querySelectorAll('.say-text')].map((each) => each.textContent)"


async def says(visitor: Visitor, text: str) -> None:
    """By keyboard, as people do."""
    await visitor.finds(".composer-text")
    await visitor.page.run(f"{SAY}.focus()")
    await visitor.page.ask("Input.insertText", text=text)
    await visitor.hits("Enter")


async def acts_on_the_last(visitor: Visitor, act: str) -> None:
    await visitor.page.run("[...document.querySelectorAll('.say-side button')].at(-1).click()")
    await visitor.presses(act)


async def enters(chromium: Chromium, yard: Yard, nickname: str, room: str) -> Visitor:
    visitor = await open_visitor(chromium, yard.url, path="/login")
    await visitor.log_in(yard.accounts[nickname])
    await visitor.goes(f"/rooms/{room}")
    await visitor.finds(".room .say")
    return visitor


async def test_what_one_does_with_words_the_other_sees(chromium: Chromium, yard: Yard) -> None:
    room = places(yard, yard.accounts["하늘"])["room"]
    haneul = await enters(chromium, yard, "하늘", room)
    bada = await enters(chromium, yard, "바다", room)

    await bada.page.run(f"{SAY}.focus()")
    await bada.page.ask("Input.insertText", text="@하늘 오늘은 ")
    await haneul.sees("바다 님이 쓰는 중")
    await bada.page.ask("Input.insertText", text="어디서 봐요?")
    await bada.hits("Enter")
    await haneul.finds(".say-calls")
    await haneul.sees("@하늘 오늘은 어디서 봐요?")

    await acts_on_the_last(haneul, "답장")
    await haneul.sees("바다에게 답장")
    await says(haneul, "여의도 <b>나루</b>")
    await bada.sees("여의도 <b>나루</b>")
    await bada.finds(".say-quote")

    await acts_on_the_last(bada, "👍 반응")
    await haneul.finds(".say-emoji")
    await acts_on_the_last(haneul, "고치기")
    await haneul.page.until(f"document.activeElement === {SAY} && {SAY}.value !== ''")
    await haneul.page.ask("Input.insertText", text=" 2번 출구")
    await haneul.hits("Enter")
    await bada.sees("여의도 <b>나루</b> 2번 출구")
    await bada.sees("고침")

    await acts_on_the_last(haneul, "지우기")
    await haneul.sees("되돌릴 수 없어요")
    await haneul.presses("지우기")
    await bada.sees("지운 말이에요")
    assert await haneul.complaints() == []
    assert await bada.complaints() == []


async def test_nothing_is_lost_or_doubled_for_those_who_look_when_a_replica_is_killed(
    chromium: Chromium, yard: Yard
) -> None:
    room = places(yard, yard.accounts["하늘"])["room"]
    haneul = await enters(chromium, yard, "하늘", room)
    bada = await enters(chromium, yard, "바다", room)
    await says(haneul, "말 0")
    await bada.sees("말 0")
    victim = next(pid for name, pid in yard.processes.items() if name.startswith("chatd"))
    os.kill(victim, signal.SIGKILL)
    for number in range(1, 12):
        await says((haneul, bada)[number % 2], f"말 {number}")
    for visitor in (haneul, bada):
        for number in range(12):
            await visitor.sees(f"말 {number}")
        await visitor.page.until("!document.querySelector('.say-post')")
    one, other = [
        [text for text in await visitor.page.run(TEXTS) if text.startswith("말 ")]
        for visitor in (haneul, bada)
    ]
    assert one == other
    assert len(one) == len(set(one)) == 12
    for person in (0, 1):
        mine = [text for text in one if int(text.split()[1]) % 2 == person]
        assert mine == sorted(mine, key=lambda text: int(text.split()[1]))
