"""Two people talk in a room, as they see it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import trio
from PIL import Image

from tests.browser.rooms import (
    ACTIVE,
    IN_THREAD,
    SAY,
    TEXTS,
    a_room_of,
    acts_on_the_last,
    comes_in,
    heard_by,
    says,
)
from tests.browser.visitor import enter
from tests.support.chromium import Chromium
from tests.support.yard import Yard, logged_in


async def test_what_one_does_with_words_the_other_sees(chromium: Chromium, yard: Yard) -> None:
    room = await a_room_of(yard, "하늘", "바다")
    haneul = await comes_in(chromium, yard, "하늘", room)
    bada = await comes_in(chromium, yard, "바다", room)

    await bada.fills(".composer-text", "@하")
    await bada.page.until(f"document.getElementById({ACTIVE})?.textContent === '하늘'")
    await bada.hits("Enter")
    await bada.page.until(f"{SAY}.value === '@하늘 '")
    await bada.page.ask("Input.insertText", text="오늘은 ")
    await haneul.hears("바다 님이 쓰는 중")
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
    await acts_on_the_last(haneul, "고친 기록")
    await haneul.sees("처음 메시지")
    await haneul.hits("Escape")
    await haneul.page.until("!document.querySelector('.dialog')")
    await acts_on_the_last(haneul, "반응한 사람")
    await haneul.page.until("document.querySelector('.dialog li')?.innerText.trim().endsWith('바다')")
    await haneul.hits("Escape")
    await haneul.page.until("!document.querySelector('.dialog')")

    await acts_on_the_last(haneul, "지우기")
    await haneul.sees("되돌릴 수 없어요")
    await haneul.presses("지우기")
    await bada.sees("삭제된 메시지예요")
    assert await haneul.complaints() == []
    assert await bada.complaints() == []


async def test_nothing_is_lost_or_doubled_for_those_who_look_when_a_replica_is_killed(
    chromium: Chromium, yard: Yard
) -> None:
    room = await a_room_of(yard, "하늘", "바다")
    haneul = await comes_in(chromium, yard, "하늘", room)
    bada = await comes_in(chromium, yard, "바다", room)
    await says(haneul, "말 0")
    await bada.sees("말 0")
    os.kill(yard.replicas()[0], signal.SIGKILL)
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


DROP = """(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File(["돗자리"], "준비물.txt", { type: "text/plain" }));
    const drop = { bubbles: true, cancelable: true, dataTransfer };
    for (const type of ["dragover", "drop"])
        document.querySelector(".room-scroll").dispatchEvent(new DragEvent(type, drop));
})()"""


async def test_a_picture_goes_out_with_words_and_is_seen(
    chromium: Chromium, yard: Yard, tmp_path: Path
) -> None:
    room = await a_room_of(yard, "하늘", "바다")
    haneul = await comes_in(chromium, yard, "하늘", room)
    bada = await comes_in(chromium, yard, "바다", room)
    picture = tmp_path / "저녁 하늘.png"
    Image.new("RGB", (640, 400), (200, 120, 60)).save(picture)
    page = haneul.page
    root = (await page.ask("DOM.getDocument"))["root"]["nodeId"]
    chooser = await page.ask("DOM.querySelector", nodeId=root, selector=".composer input[type=file]")
    await page.ask("DOM.setFileInputFiles", nodeId=chooser["nodeId"], files=[str(picture)])
    await page.run(DROP)
    ready = "document.querySelectorAll('.composer-file').length === 2 && !document.querySelector('progress')"
    await page.until(ready)
    await says(haneul, "오늘 저녁")
    await bada.sees("오늘 저녁")
    await bada.page.until("[...document.querySelectorAll('.say-picture')].some((it) => it.naturalWidth > 0)")
    assert await bada.page.run("document.querySelector('.say-picture').alt") == "사진 저녁 하늘.png"
    await bada.sees("준비물.txt")

    await haneul.picks_a_picture(into=".composer input[type=file]")
    await page.until("!!document.querySelector('.composer-file') && !document.querySelector('progress')")
    await says(haneul, "하나 더")
    await bada.sees("하나 더")
    logged = f"fetch('/api/v1/rooms/{room}/events?only=images').then((it) => it.json())"
    await bada.page.until(f"{logged}.then((it) => it.events.length === 1)")
    await bada.goes(f"/rooms/{room}/pictures")
    await bada.page.until("document.querySelector('.gallery img')?.naturalWidth > 0")
    await bada.presses("그 메시지로 가기")
    await bada.finds(".say-target")
    assert await haneul.complaints() == []
    assert await bada.complaints() == []


async def test_what_is_said_in_passing_leads_to_what_it_is_about(chromium: Chromium, yard: Yard) -> None:
    room = await a_room_of(yard, "바다", "하늘")
    haneul = await enter(chromium, yard, "하늘", "/people")
    noeul = await enter(chromium, yard, "노을", "/people")
    for visitor in (haneul, noeul):
        await visitor.sees("친구 찾기")
        await visitor.rests_on_what_passes()
    with logged_in(yard, "하늘") as hers, logged_in(yard, "노을") as his, logged_in(yard, "바다") as http:
        called, asked = (each.get("/api/v1/me").json()["id"] for each in (hers, his))
        http.post(f"/api/v1/rooms/{room}/invitations", json={"people": [asked]}).raise_for_status()
    async with heard_by(yard, "바다", room) as theirs:
        await theirs.send("@하늘 어디예요?", mentions=[called])
        for post in [theirs.post(f"말 {number}") for number in range(60)]:
            await post.stored()
    await haneul.sees("누군가 나를 언급했어요")
    await haneul.hits("F8")
    await haneul.page.until("document.activeElement.matches('a.toast')")
    await haneul.hits("Enter")
    await haneul.is_at(f"/rooms/{room}")
    await haneul.finds(".say-target")
    assert (
        await haneul.page.run("document.querySelector('.say-target .say-text').textContent")
        == "@하늘 어디예요?"
    )
    await noeul.presses("바다님이 방에 초대했어요")
    await noeul.is_at(f"/rooms/{room}")
    await noeul.sees("이 방에 초대받았어요")
    assert await noeul.violations() == []
    await noeul.presses("들어가기")
    await says(noeul, "왔어요")
    await noeul.page.until(f"{TEXTS}.includes('왔어요') && !document.querySelector('.say-post')")
    assert await haneul.complaints() == []
    assert await noeul.complaints() == []


FOLDED = "차단한 사람의 메시지예요"


async def test_what_somebody_blocked_says_is_folded_wherever_it_is_read(
    chromium: Chromium, yard: Yard
) -> None:
    room = await a_room_of(yard, "하늘", "이슬", "River")
    river = await comes_in(chromium, yard, "River", room)
    await river.looks(theme="light", width=1280, height=800)
    ids = []
    for nickname in ("이슬", "River"):
        with logged_in(yard, nickname) as http:
            ids.append(http.get("/api/v1/me").json()["id"])
    iseul, me = ids
    relation = f"/api/v1/me/relations/blocked/{iseul}"
    async with heard_by(yard, "이슬", room) as theirs, heard_by(yard, "하늘", room) as hers:
        said = await theirs.send("수제비 먹자")
        await hers.send("좋아요", reply_to=said.seq)
        at = await theirs.send("열두 시에")
        await river.page.until(f"{TEXTS}.includes('열두 시에')")
        with logged_in(yard, "River") as http:
            http.put(relation).raise_for_status()
        try:
            await river.page.until("document.querySelectorAll('.say-folded').length === 2")
            assert await river.page.run(TEXTS) == ["좋아요"]
            await river.page.until(f"document.querySelector('.say-quote').textContent.trim() === '{FOLDED}'")
            mine = "document.querySelector('.room-row[aria-current=page] .room-row-last').textContent"
            await river.page.until(f"{mine} === '{FOLDED}'")
            assert await river.violations() == []
            await river.presses("대화에서 찾기")
            await river.types("대화에서 찾기", "수제비")
            found = "document.querySelector('.room-found-one span')?.textContent"
            await river.page.until(f"{found} === '{FOLDED}'")
            await river.hits("Escape")
            await river.goes(f"/rooms/{room}/threads/{said.seq}")
            await river.page.until(f"{IN_THREAD}.length === 1")
            await river.page.run("document.querySelector('.thread .say-folded button').click()")
            await river.page.until(f"{IN_THREAD}[0] === '수제비 먹자'")
            await river.goes("/people")
            await river.rests_on_what_passes()
            unread = "document.querySelector('.frame-count')?.textContent ?? ''"
            before = await river.page.run(unread)
            while await river.page.run(unread) == before:  # until the room is closed, what is said is read
                await hers.send("거기 있어요?")
                await trio.sleep(0.05)
            await theirs.send("@River 왜요", mentions=[me])
            await hers.send("@River 봐요", mentions=[me])
            await river.finds("a.toast")
            assert await river.page.run("document.querySelectorAll('a.toast').length") == 1
        finally:
            with logged_in(yard, "River") as http:
                http.delete(relation).raise_for_status()
    await river.goes(f"/rooms/{room}?at={at.seq}")
    await river.page.until(f"{TEXTS}.includes('열두 시에')")
    assert await river.complaints() == []
