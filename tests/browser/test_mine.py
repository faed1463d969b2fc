"""What is one's own: a picture, time and badges, a password, a copy of everything, and the way out."""

from __future__ import annotations

from tests.browser.visitor import enter
from tests.support.chromium import Chromium
from tests.support.yard import Yard

_IN_DIALOG = "document.querySelector('.dialog form').requestSubmit()"


async def test_a_picture_a_password_and_a_copy_are_seen_to_where_one_is_oneself(
    chromium: Chromium, yard: Yard
) -> None:
    visitor = await enter(chromium, yard, "바다", "/me")
    known, other = yard.accounts["바다"].password, "a-lamp-in-the-other-yard"
    await visitor.finds(".me-face")
    await visitor.picks_a_picture()
    await visitor.finds(".me-face img")
    await visitor.presses("사진 빼기")
    await visitor.finds(".me-face .avatar:not(:has(img))")

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
    await visitor.finds(".dialog[open]")
    await visitor.page.run("document.querySelector('.dialog input').focus()")
    await visitor.page.ask("Input.insertText", text="not-my-password")
    await visitor.page.run(_IN_DIALOG)
    await visitor.finds(".dialog input[aria-invalid=true]")
    assert await visitor.complaints() == []
