"""A stranger becomes a member, and a member a stranger again."""

from __future__ import annotations

from tests.browser.visitor import Visitor, enter, open_visitor
from tests.support.chromium import Chromium
from tests.support.yard import Yard, logged_in

PASSWORD = "a-swing-under-the-zelkova"


async def signs_up(visitor: Visitor, *, phone: str, nickname: str, email: str) -> None:
    await visitor.presses("가입하기")
    await visitor.types("전화번호", phone)
    await visitor.presses("인증번호 받기")
    await visitor.presses("개발용 우편함에서 번호 가져오기")
    await visitor.presses("확인")
    await visitor.types("닉네임", nickname)
    await visitor.types("이름", "새봄")
    await visitor.types("이메일", email)
    await visitor.types("비밀번호", PASSWORD)
    await visitor.presses("마당에 들어가기")


async def test_a_stranger_finds_a_room_and_talks(chromium: Chromium, yard: Yard) -> None:
    bada = await enter(chromium, yard, "바다")
    await bada.presses("한강 저녁 달리기")
    stranger = await open_visitor(chromium, yard.url)
    await signs_up(stranger, phone="010-7777-4321", nickname="봄이", email="bomi@example.com")
    await stranger.sees("봄이님, 어서 오세요")
    await stranger.goes("/rooms")
    await stranger.types("방 찾기", "한강")
    await stranger.page.until("document.querySelectorAll('main .list > li').length === 1")
    await stranger.presses("들어가기")
    await stranger.fills(".composer-text", "저도 달릴래요")
    await stranger.hits("Enter")
    await bada.sees("저도 달릴래요")
    assert await stranger.complaints() == []


async def test_a_stranger_signs_up_is_in_and_comes_back_by_password(chromium: Chromium, yard: Yard) -> None:
    visitor = await open_visitor(chromium, yard.url)
    await visitor.is_at("/login")
    await signs_up(visitor, phone="010-7777-1234", nickname="하늘", email="saebom@example.com")
    await visitor.finds("input[name=nickname][aria-invalid=true]")  # somebody is called so
    await visitor.types("닉네임", "새봄")
    await visitor.presses("마당에 들어가기")
    await visitor.sees("새봄님, 어서 오세요")
    await visitor.sees("아직 들어간 방이 없어요")

    await visitor.goes("/me")
    await visitor.presses("로그아웃")
    await visitor.is_at("/login")
    await visitor.types("이메일", "saebom@example.com")
    await visitor.types("비밀번호", "not-what-it-was")
    await visitor.presses("로그인")
    await visitor.finds("[role=alert] p")
    await visitor.types("비밀번호", PASSWORD)
    await visitor.presses("로그인")
    await visitor.sees("새봄님, 어서 오세요")
    assert await visitor.complaints() == []


async def test_who_was_sent_to_the_gate_goes_on_to_where_they_wanted_to_be(
    chromium: Chromium, yard: Yard
) -> None:
    visitor = await open_visitor(chromium, yard.url, language="en", path="/people")
    await visitor.is_at("/login")
    account = yard.accounts["바다"]
    await visitor.types("E-mail", account.email)
    await visitor.types("Password", account.password)
    await visitor.presses("Log in")
    await visitor.is_at("/people")
    assert await visitor.page.run("document.documentElement.lang") == "en"


async def test_a_password_that_was_forgotten_is_set_anew_by_e_mail(chromium: Chromium, yard: Yard) -> None:
    river, new = yard.accounts["River"], "over-the-old-stone-bridge"
    visitor = await open_visitor(chromium, yard.url, language="en", path="/login")
    await visitor.presses("I forgot my password")
    await visitor.types("Phone number or e-mail", river.email)
    await visitor.presses("Send me a code")
    await visitor.presses("Take the code from the development outbox")
    await visitor.presses("Continue")
    await visitor.types("New password", new)
    await visitor.presses("Change my password")
    await visitor.is_at("/login")
    await visitor.types("E-mail", river.email)
    await visitor.types("Password", new)
    await visitor.presses("Log in")
    await visitor.sees("Come in, River")
    with logged_in(yard, "River", password=new) as http:  # others know the one from before
        known = {"password": new, "new": river.password}
        assert http.put("/api/v1/me/password", json=known).status_code == 204


async def test_logged_out_everywhere_is_at_the_gate_at_once_wherever_one_was(
    chromium: Chromium, yard: Yard
) -> None:
    here, there = [await open_visitor(chromium, yard.url, path="/login") for _ in range(2)]
    for visitor in (here, there):
        await visitor.log_in(yard.accounts["이슬"])
    await here.goes("/me")
    await here.presses("모든 기기에서 로그아웃")
    await here.is_at("/login")
    await there.is_at("/login")
