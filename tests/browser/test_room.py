"""Two people talk in a room, as they see it."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import get_args

import httpx
import trio
from PIL import Image

from chatd.client import Room, open_client
from tests.browser.visitor import Theme, Visitor, enter
from tests.support.chromium import Chromium
from tests.support.yard import Yard, logged_in

SAY = "document.querySelector('.composer-text')"
ACTIVE = f"{SAY}.getAttribute('aria-activedescendant')"
SCROLL = "document.querySelector('.room-scroll')"
FRAMES = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
FIRST_SEEN = """(() => {
    const edge = document.querySelector(".room-scroll").getBoundingClientRect().top;
    const rows = [...document.querySelectorAll(".room-rows > li")];
    const first = rows.find((each) => each.getBoundingClientRect().bottom > edge + 1);
    return [first.dataset.key, first.getBoundingClientRect().top];
})()"""
IN_VIEW = """(() => {
    const { top, bottom } = document.querySelector(".room-scroll").getBoundingClientRect();
    const isInView = (box) => box.top < bottom && box.bottom > top;
    const texts = [...document.querySelectorAll(".say-text")];
    return texts.filter((each) => isInView(each.getBoundingClientRect())).map((each) => each.textContent);
})()"""
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


async def comes_in(chromium: Chromium, yard: Yard, nickname: str, room: str) -> Visitor:
    visitor = await enter(chromium, yard, nickname, f"/rooms/{room}")
    await visitor.finds(".room-rows > li")
    return visitor


@asynccontextmanager
async def heard_by(yard: Yard, nickname: str, room: str) -> AsyncIterator[Room]:
    """The room, open to a program that speaks for one of them."""
    token = await token_of(yard, nickname)

    async def source() -> str:
        return token

    async with open_client([yard.url.replace("http", "ws") + "/socket"], source) as client:
        yield await client.open_room(room)


async def token_of(yard: Yard, nickname: str) -> str:
    account = yard.accounts[nickname]
    async with httpx.AsyncClient(base_url=yard.url, verify=False) as http:
        credentials = {"email": account.email, "password": account.password}
        answer = await http.post("/api/v1/sessions", json=credentials)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["access_token"])


async def a_room_of(yard: Yard, owner: str, *others: str, slow_mode: int = 0) -> str:
    """A public room that only these are in."""
    async with httpx.AsyncClient(base_url=yard.url, verify=False) as http:
        wanted = {"title": "우리끼리", "visibility": "public", "history": "all"}
        bearer = {"authorization": f"Bearer {await token_of(yard, owner)}"}
        room = str((await http.post("/api/v1/rooms", json=wanted, headers=bearer)).json()["id"])
        slow = await http.patch(f"/api/v1/rooms/{room}", json={"slow_mode": slow_mode}, headers=bearer)
        slow.raise_for_status()
        for other in others:
            bearer = {"authorization": f"Bearer {await token_of(yard, other)}"}
            (await http.post(f"/api/v1/rooms/{room}/join", headers=bearer)).raise_for_status()
    return room


async def test_what_one_does_with_words_the_other_sees(chromium: Chromium, yard: Yard) -> None:
    room = await a_room_of(yard, "하늘", "바다")
    haneul = await comes_in(chromium, yard, "하늘", room)
    bada = await comes_in(chromium, yard, "바다", room)

    await bada.page.run(f"{SAY}.focus()")
    await bada.page.ask("Input.insertText", text="@하")
    await bada.page.until(f"document.getElementById({ACTIVE})?.textContent === '하늘'")
    await bada.hits("Enter")
    await bada.page.until(f"{SAY}.value === '@하늘 '")
    await bada.page.ask("Input.insertText", text="오늘은 ")
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
        before = await bada.page.run(FIRST_SEEN)
        await bada.page.until(f"{SCROLL}.ariaBusy === 'false'")
        await bada.page.run(FRAMES)
        after = await bada.page.run(FIRST_SEEN)
        assert before[0] == after[0]
        assert abs(before[1] - after[1]) < 2
        seen[:0] = [line for line in await bada.page.run(TEXTS) if line not in seen]
    assert [line.split("\n")[0] for line in seen] == [f"줄 {number}" for number in range(130)]
    await bada.presses("최신 메시지로")
    await bada.page.until(f"{SCROLL}.scrollTop + {SCROLL}.clientHeight > {SCROLL}.scrollHeight - 2")
    await bada.sees("줄 129")
    assert await bada.complaints() == []


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
        await bada.finds("dialog[open] textarea")
        await bada.page.run("document.querySelector('dialog textarea').focus()")
        await bada.page.ask("Input.insertText", text="사유")
        for post in [live.post(f"줄 {number}\n둘째 줄\n셋째 줄") for number in range(40)]:
            await post.stored()
        await bada.page.until(f"!{TEXTS}.includes('이 말')")
        assert await bada.page.run("document.querySelector('dialog textarea').value") == "사유"
    await bada.page.run(MARK_WORDS)
    await bada.page.run(FRAMES)
    assert await bada.page.run("document.querySelector('dialog textarea').value") == "사유"
    await bada.page.run(PRESS_BESIDE)
    await bada.page.until(f"document.activeElement === {SCROLL}")
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
        before = await page.run(FIRST_SEEN)
        for number in (130, 131):
            await hers.send(f"줄 {number}")
            await page.run(FRAMES)
        assert await page.run(FIRST_SEEN) == before
        await says(bada, "여기요")
        await page.until(f"{IN_VIEW}.at(-1) === '여기요' && !document.querySelector('.say-post')")
        await hers.send("줄 132")
        await page.until(f"{IN_VIEW}.at(-1) === '줄 132'")

        for width in (1800, 390, 900):
            await bada.looks(theme="light", width=width, height=700)
            await page.run(FRAMES)
            await page.run(FRAMES)
            assert not await page.run("!!document.querySelector('.room-to-end')")
            await hers.send(f"{width}에서")
            await page.until(f"{IN_VIEW}.at(-1) === '{width}에서'")
    assert await bada.complaints() == []


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


# What is said on this page is heard by the server, and its answers are not heard here.
DEAF = """(() => {
    const write = WebSocket.prototype.send;
    WebSocket.prototype.send = function (...words) { this.onmessage = null; write.apply(this, words); };
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


IN_THREAD = "[...document.querySelectorAll('.thread .say-text')].map((each) => each.textContent)"
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
    await bada.page.run("document.querySelector('.thread .composer-text').focus()")
    await bada.page.ask("Input.insertText", text="@하늘 여의도요")
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


async def test_what_is_said_in_passing_leads_to_what_it_is_about(chromium: Chromium, yard: Yard) -> None:
    room = await a_room_of(yard, "바다", "하늘")
    haneul = await enter(chromium, yard, "하늘", "/people")
    noeul = await enter(chromium, yard, "노을", "/people")
    for visitor in (haneul, noeul):
        await visitor.sees("친구 찾기")
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
    await haneul.finds(".dialog .files-one img")
    await haneul.types("태그", "#저녁, 산책")
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
    async with httpx.AsyncClient(base_url=yard.url, verify=False) as http:
        bearer = {"authorization": f"Bearer {await token_of(yard, '바다')}"}
        now = (await http.get(f"/api/v1/rooms/{room}", headers=bearer)).json()
    assert (now["tags"], now["visibility"], now["capacity"]) == (["저녁", "산책"], "secret", 12)
    assert await haneul.complaints() == []
    assert await bada.complaints() == []


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
            assert await river.page.run(mine) == FOLDED
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
