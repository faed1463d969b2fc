"""What is one's own: pictures, time and badges, a password, a copy of everything, and the way out."""

from __future__ import annotations

from tests.browser.newcomers import enter_new, sign_up
from tests.browser.visitor import enter, open_visitor
from tests.support.chromium import Chromium
from tests.support.yard import Yard, logged_in

_IN_DIALOG = "document.querySelector('.dialog form').requestSubmit()"


async def test_a_picture_a_password_and_a_copy_are_seen_to_where_one_is_oneself(
    chromium: Chromium, yard: Yard
) -> None:
    visitor = await enter(chromium, yard, "바다", "/me")
    known, other = yard.accounts["바다"].password, "a-lamp-in-the-other-yard"
    await visitor.finds(".me-avatar")
    await visitor.picks_a_picture()
    await visitor.finds(".me-avatar img")
    await visitor.presses("사진 빼기")
    await visitor.finds(".me-avatar .avatar:not(:has(img))")

    for present, wanted in ((other, known), (known, other), (other, known)):
        await visitor.types("지금 비밀번호", present)
        await visitor.types("새 비밀번호", wanted)
        await visitor.presses("바꾸기")
        if (present, wanted) == (other, known) and await visitor.page.run("!window.wasChanged"):
            await visitor.finds("input[name=present][aria-invalid=true]")
            await visitor.page.run("window.wasChanged = true")
        else:
            await visitor.page.until("document.querySelector('input[name=present]').value === ''")

    await visitor.presses("만들어 달라고 하기")
    await visitor.finds(".list .row-title")
    await visitor.presses("계정 지우기")
    await visitor.fills(".dialog input", "not-my-password")
    await visitor.page.run(_IN_DIALOG)
    await visitor.finds(".dialog input[aria-invalid=true]")
    assert await visitor.complaints() == []


async def test_pictures_of_before_are_looked_at_shown_again_and_deleted(
    chromium: Chromium, yard: Yard
) -> None:
    visitor = await enter_new(chromium, yard, "하현", "/me")
    await visitor.finds(".me-no-wall")
    await visitor.picks_a_picture(into="input[name=wallpaper]")
    await visitor.finds("img.me-wall")
    present = ""
    for _ in range(2):
        await visitor.picks_a_picture(into="input[name=avatar]")
        now = "document.querySelector('.me-avatar img')?.getAttribute('src')"
        await visitor.page.until(f"({now} ?? {present!r}) !== {present!r}")
        present = await visitor.page.run(now)
    await visitor.presses("지난 사진")
    await visitor.page.until("document.querySelectorAll('.past-pictures li').length === 2")
    assert await visitor.violations() == []
    tagged = "[...document.querySelectorAll('.past-pictures li')].map((each) => !!each.querySelector('.tag'))"
    assert await visitor.page.run(tagged) == [True, False]
    await visitor.presses("다시 걸기")  # and is the first, as the last one that was put on
    first = "document.querySelector('.past-pictures li a').getAttribute('href')"
    await visitor.page.until(f"!{present!r}.startsWith({first})")
    await visitor.page.until(f"{tagged}.join() === 'true,false'")
    await visitor.presses("지우기")
    await visitor.is_sure()
    await visitor.page.until("document.querySelectorAll('.past-pictures li').length === 1")
    assert await visitor.page.run(tagged) == [False]  # the present one is gone, and none is in its place
    await visitor.goes("/me")
    await visitor.finds("img.me-wall")
    await visitor.finds(".me-avatar .avatar:not(:has(img))")
    await visitor.presses("배경 빼기")
    await visitor.finds(".me-no-wall")
    assert await visitor.complaints() == []


async def test_a_badge_of_ones_own_is_put_on_and_others_see_it(chromium: Chromium, yard: Yard) -> None:
    account = sign_up(yard, "반달")
    visitor = await open_visitor(chromium, yard.url, path="/login")
    await visitor.log_in(account)
    await visitor.goes("/me/badges")
    await visitor.sees("마당을 연 사람")  # who signs up early has it
    await visitor.sees("글동무")  # and may earn others
    await visitor.presses("달기")
    await visitor.sees("단 배지")
    haneul = await enter(chromium, yard, "하늘", "/people")
    with logged_in(yard, account) as http:
        me = http.get("/api/v1/me").json()["id"]
    await haneul.goes(f"/people/{me}")
    await haneul.finds(".profile-badge img")
    await haneul.sees("받은 배지")
    await visitor.presses("떼기")
    await visitor.presses("달기")
    assert await visitor.complaints() + await haneul.complaints() == []


async def test_where_one_has_been_is_listed_by_the_name_of_the_room(chromium: Chromium, yard: Yard) -> None:
    account = sign_up(yard, "상현")
    visitor = await open_visitor(chromium, yard.url, path="/login")
    await visitor.log_in(account)
    await visitor.goes("/me/visits")
    await visitor.sees("아직 들어간 방이 없어요")
    with logged_in(yard, account) as http:
        room = http.post("/api/v1/rooms", json={"title": "달 보는 방", "visibility": "public"}).json()["id"]
        await visitor.goes(f"/rooms/{room}")
    log = "fetch('/api/v1/me/records/log').then((answer) => answer.json())"
    await visitor.page.until(
        f"{log}.then((page) => page.stays.length > 0)"
    )  # seen by chatd, and then written down
    await visitor.goes("/me/visits")
    await visitor.sees("지금도 있어요")
    assert await visitor.violations() == []
    await visitor.presses("달 보는 방")
    await visitor.is_at(f"/rooms/{room}")
    assert await visitor.complaints() == []
