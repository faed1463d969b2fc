"""What was said in a room, and where one stands in it: the past, what is far away, threads."""

from __future__ import annotations

from typing import get_args

from tests.browser.rooms import (
    FIRST_SEEN,
    FRAMES,
    IN_THREAD,
    IN_VIEW,
    SCROLL,
    TEXTS,
    a_room_of,
    comes_in,
    first_seen,
    heard_by,
    says,
)
from tests.browser.visitor import Theme, enter
from tests.support.chromium import Chromium
from tests.support.yard import Yard


async def test_the_past_has_no_end_but_its_beginning_and_what_one_looks_at_stays_where_it_is(
    chromium: Chromium, yard: Yard
) -> None:
    room = await a_room_of(yard, "바다")
    async with heard_by(yard, "바다", room) as past:
        posts = [past.post(f"줄 {number}\n" + "둘째 줄\n" * (number % 3)) for number in range(130)]
        for post in posts:
            await post.stored()
    bada = await comes_in(chromium, yard, "바다", room)
    await bada.sees("줄 129")
    seen: list[str] = []
    while not await bada.page.run("!!document.querySelector('.room-beginning')"):
        await bada.page.run(f"{SCROLL}.scrollTop -= 500")
        await bada.page.run(FRAMES)
        key, before = await bada.page.run(FIRST_SEEN)
        await bada.page.until(f"{SCROLL}.ariaBusy === 'false'")
        await bada.page.run(FRAMES)
        after = await bada.page.run(
            f'document.querySelector(`[data-key="{key}"]`).getBoundingClientRect().top'
        )
        assert abs(before - after) < 2
        seen[:0] = [line for line in await bada.page.run(TEXTS) if line not in seen]
    assert [line.split("\n")[0] for line in seen] == [f"줄 {number}" for number in range(130)]
    await bada.presses("최신 메시지로")
    await bada.page.until(f"{SCROLL}.scrollTop + {SCROLL}.clientHeight > {SCROLL}.scrollHeight - 2")
    await bada.sees("줄 129")
    assert await bada.complaints() == []


async def test_nothing_moves_a_reader_but_their_own_hand(chromium: Chromium, yard: Yard) -> None:
    room = await a_room_of(yard, "하늘", "바다")
    async with heard_by(yard, "하늘", room) as hers:
        past = [hers.post(f"줄 {number}") for number in range(130)]
        said = [await post.stored() for post in past]
        bada = await comes_in(chromium, yard, "바다", room)
        await bada.looks(theme="light", width=900, height=700)
        await bada.sees("줄 129")
        page = bada.page

        await bada.finds(".room-to-unread")
        assert await bada.violations() == []
        await bada.presses("안 읽은 130개로 가기")
        await page.until("document.querySelector('.say-target .say-text')?.textContent === '줄 0'")
        await bada.sees("여기부터 안 읽은 메시지")
        await page.until("!document.querySelector('.room-to-unread')")
        await bada.presses("최신 메시지로")
        await page.until(f"{IN_VIEW}.at(-1) === '줄 129'")

        await page.run(FRAMES)
        await page.run(f"{SCROLL}.scrollTop = 0")  # as the Home key does
        await page.run(FRAMES)
        await page.until(f"{SCROLL}.ariaBusy === 'false'")
        await page.run(FRAMES)
        # What stood at the top, of one page or of two, stands below what came where the day stood.
        assert {"줄 80", "줄 30"} & set((await page.run(IN_VIEW))[:6])

        await bada.goes(f"/rooms/{room}?at={said[50].seq}")
        await page.until("document.querySelector('.say-target .say-text')?.textContent === '줄 50'")
        await page.run(f"{SCROLL}.scrollTop += 900")
        await page.run(FRAMES)
        before = await first_seen(bada)
        for number in (130, 131):
            await hers.send(f"줄 {number}")
            await page.run(FRAMES)
        assert await first_seen(bada) == before
        await says(bada, "여기요")
        await page.until(f"{IN_VIEW}.at(-1) === '여기요' && !document.querySelector('.say-post')")
        await hers.send("줄 132")
        await page.until(f"{IN_VIEW}.at(-1) === '줄 132'")

        for width in (1800, 390, 900):
            await bada.looks(theme="light", width=width, height=700)
            await page.run(FRAMES)
            await page.run(FRAMES)
            await page.until(f"innerWidth === {width} && !document.querySelector('.room-to-end')")
            await hers.send(f"{width}에서")
            await page.until(f"{IN_VIEW}.at(-1) === '{width}에서'")
    assert await bada.complaints() == []


THREAD_SCROLL = "document.querySelector('.thread .room-scroll')"


async def test_a_thread_is_a_place_of_its_own_beside_its_room_and_on_a_phone(
    chromium: Chromium, yard: Yard
) -> None:
    room = await a_room_of(yard, "하늘", "바다")
    async with heard_by(yard, "하늘", room) as past:
        root = await past.post("어디로 갈까요?").stored()
        await past.post("다른 말").stored()
        for post in [past.post(f"답 {number}", reply_to=root.seq) for number in range(60)]:
            await post.stored()
    bada = await enter(chromium, yard, "바다")
    await bada.looks(theme="light", width=1280, height=800)
    await bada.goes(f"/rooms/{room}?at={root.seq}")
    await bada.presses("답장 60개")
    await bada.is_at(f"/rooms/{room}/threads/{root.seq}")
    await bada.page.until(f"{IN_THREAD}.at(-1) === '답 59'")
    await bada.page.until("document.querySelectorAll('.room .say').length > 0")  # the room stands beside it
    while "어디로 갈까요?" not in await bada.page.run(IN_THREAD):
        await bada.page.run(f"{THREAD_SCROLL}.scrollTop -= 700")
        await bada.page.run(FRAMES)
    assert "다른 말" not in await bada.page.run(IN_THREAD)

    haneul = await enter(chromium, yard, "하늘")
    await haneul.looks(theme="light", width=390, height=800)
    await haneul.goes(f"/rooms/{room}")
    await haneul.finds(".room .say")
    await haneul.goes(f"/rooms/{room}/threads/{root.seq}")
    await haneul.page.until(f"{IN_THREAD}.at(-1) === '답 59'")
    assert not await haneul.page.run("!!document.querySelector('.room')")  # a page of its own
    await bada.fills(".thread .composer-text", "@하늘 여의도요")
    await bada.hits("Enter")
    await haneul.finds(".thread .say-calls")
    await haneul.page.until(f"{IN_THREAD}.at(-1) === '@하늘 여의도요'")
    await says(haneul, "좋아요")
    await bada.page.until(f"{IN_THREAD}.at(-1) === '좋아요'")
    for visitor in (haneul, bada):
        for theme in get_args(Theme):
            width = 390 if visitor is haneul else 1280
            await visitor.looks(theme=theme, width=width, height=800)
            await visitor.settles()
            assert await visitor.violations() == []
    await haneul.page.run("history.back()")
    await haneul.is_at(f"/rooms/{room}")
    await haneul.finds(".room .say")
    await haneul.goes(f"/rooms/{room}/threads/999999")
    await haneul.sees("더는 볼 수 없는 메시지예요")
    assert await haneul.complaints() == []
    assert await bada.complaints() == []
