"""What an account is reached by and logged in to with, changed by its owner, and by nobody who is only at the device."""

from __future__ import annotations

from typing import Literal

from tests.browser.newcomers import PASSWORD, answers_at_kakao, enter_new, sign_up
from tests.browser.visitor import Visitor, open_visitor
from tests.support.chromium import Chromium
from tests.support.yard import Yard

_IN_DIALOG = "document.querySelector('.dialog form').requestSubmit()"
_OUTBOX = "개발용 우편함에서 번호 가져오기"


async def clicks(visitor: Visitor, within: str, text: str) -> None:
    """The button with that text, of those that may be on one page."""
    buttons = f"[...document.querySelectorAll('{within} button')]"
    found = f"{buttons}.find((each) => each.textContent.trim() === '{text}')"
    await visitor.page.until(f"!!{found}")
    await visitor.page.run(f"{found}.click()")


async def takes_the_code(visitor: Visitor, within: str = "body") -> None:
    """Out of the development outbox, into the field."""
    await clicks(visitor, within, _OUTBOX)
    await visitor.page.until(f"document.querySelector('{within} input[name=code]').value.length === 6")


async def shows_it_is_me(visitor: Visitor, form: str, *, by: Literal["phone", "email"]) -> None:
    """By a code to a contact that the account has."""
    await visitor.page.until(f"!!document.querySelector('{form} select')")
    choice = f"document.querySelector('{form} select')"
    await visitor.page.run(f"{choice}.value = '{by}'; {choice}.dispatchEvent(new Event('change'))")
    await clicks(visitor, form, "인증번호 받기")
    await takes_the_code(visitor, form)


async def shows_the_password(visitor: Visitor) -> None:
    """In the dialog, which is sent."""
    await visitor.fills(".dialog input[name=present]", PASSWORD)
    await visitor.page.run(_IN_DIALOG)


async def test_contacts_are_changed_by_their_owner_and_the_other_devices_hear_of_it(
    chromium: Chromium, yard: Yard
) -> None:
    account = sign_up(yard, "보름")
    here, there = [await open_visitor(chromium, yard.url, path="/login") for _ in range(2)]
    for visitor in (here, there):
        await visitor.log_in(account)
        await visitor.goes("/me")

    await here.presses("전화번호 바꾸기")
    await here.types("새 전화번호", "010-5400-0001")
    await here.page.run(_IN_DIALOG)
    await here.page.until("document.activeElement.name === 'code'")  # each step has the focus where it begins
    await takes_the_code(here)
    await here.page.run(_IN_DIALOG)
    for password in ("not-my-password", PASSWORD):
        await here.fills(".dialog input[name=present]", password)
        await here.page.run(_IN_DIALOG)
        if password != PASSWORD:
            await here.finds(".dialog input[aria-invalid=true]")
    await here.page.until("!document.querySelector('dialog')")
    for visitor in (here, there):
        await visitor.sees("+821054000001")
    await there.hears("계정의 전화번호가 바뀌었어요.")

    await here.presses("이메일 바꾸기")
    await here.types("새 이메일", "boreum@example.com")
    await here.page.run(_IN_DIALOG)
    await takes_the_code(here)
    await here.page.run(_IN_DIALOG)
    await shows_it_is_me(here, ".dialog", by="phone")
    assert await here.violations() == []
    await here.page.run(_IN_DIALOG)
    for visitor in (here, there):
        await visitor.sees("boreum@example.com")
    for visitor in (here, there):
        assert await visitor.complaints() == []


async def test_another_may_vouch_for_one_until_that_is_ended(chromium: Chromium, yard: Yard) -> None:
    visitor = await enter_new(chromium, yard, "그믐", "/me")
    await visitor.presses("카카오 연결하기")
    await shows_the_password(visitor)
    await answers_at_kakao(visitor, "error=access_denied")
    await visitor.hears("동의하지 않아서 아무것도 바뀌지 않았어요.")
    await visitor.is_at("/me")
    await visitor.presses("카카오 연결하기")
    await shows_the_password(visitor)
    await answers_at_kakao(visitor, "code=4001")
    await visitor.is_at("/me")
    await visitor.presses("카카오 연결 해제")
    await visitor.sees("이제 카카오(으)로는 로그인할 수 없어요.")
    await shows_the_password(visitor)
    await visitor.sees("카카오 연결하기")
    assert await visitor.complaints() == []


async def test_who_has_only_been_vouched_for_sets_a_password_and_leaves_by_a_code(
    chromium: Chromium, yard: Yard
) -> None:
    sign_up(yard, "초승", vouched_for=4002)
    visitor = await open_visitor(chromium, yard.url, path="/login")
    await visitor.presses("카카오로 계속하기")
    await answers_at_kakao(visitor, "code=4002")
    await visitor.sees("초승님, 어서 오세요")
    await visitor.goes("/me")
    await visitor.presses("카카오 연결 해제")
    await shows_it_is_me(visitor, ".dialog", by="email")
    await visitor.page.run(_IN_DIALOG)
    await visitor.finds(".dialog .fault-note")  # it is the last way in
    await visitor.presses("닫기")

    await visitor.sees("비밀번호 정하기")
    await shows_it_is_me(visitor, "[aria-labelledby=password]", by="phone")
    await visitor.types("새 비밀번호", PASSWORD)
    await visitor.presses("정하기")
    await visitor.hears("비밀번호를 바꿨어요.")
    await visitor.presses("카카오 연결 해제")
    await shows_the_password(visitor)
    await visitor.sees("카카오 연결하기")

    await visitor.presses("계정 지우기")
    await shows_it_is_me(visitor, ".dialog", by="email")
    await visitor.page.run(_IN_DIALOG)
    await visitor.is_at("/login")
    assert await visitor.complaints() == []
