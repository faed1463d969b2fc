"""Every screen, by day and at night, as somebody who cannot see it well, or not at all, meets it."""

from __future__ import annotations

from typing import get_args

from tests.browser.screens import ADMIN, ADMINS, MEMBERS, STRANGERS, places
from tests.browser.visitor import Theme, Visitor, enter, open_visitor
from tests.support.chromium import Chromium
from tests.support.yard import Yard

_TOO_WIDE = """[document.documentElement, ...document.querySelectorAll("main")]
    .some((each) => each.scrollWidth > each.clientWidth + 1)"""


async def violations(visitor: Visitor, name: str) -> list[str]:
    """What is wrong with what is shown, by day and at night; and whether a small phone has room for it."""
    found = []
    for theme in get_args(Theme):
        await visitor.looks(theme=theme, width=1280, height=800)
        await visitor.settles()
        found += [f"{name}, {theme}: {each}" for each in await visitor.violations()]
    await visitor.looks(theme="light", width=360, height=740)
    await visitor.settles()
    if await visitor.page.run(_TOO_WIDE):
        found.append(f"{name}: too wide for 360 pixels")
    return found


async def test_axe_finds_nothing_on_any_screen_by_day_or_at_night(chromium: Chromium, yard: Yard) -> None:
    account = yard.accounts["하늘"]
    names = places(yard, account)
    found: list[str] = []
    visitor = await open_visitor(
        chromium, yard.url, language="en", path="/login"
    )  # whose words are the longer ones
    for screen in STRANGERS:
        await visitor.goes(screen.path)
        await visitor.finds(screen.ready)
        found += await violations(visitor, screen.name)
    await visitor.goes("/login")
    await visitor.log_in(account, language="en")
    for screen in MEMBERS:
        await visitor.goes(screen.path.format(**names))
        await visitor.finds(screen.ready)
        found += await violations(visitor, screen.name)
    assert found == []
    assert await visitor.complaints() == []


async def test_axe_finds_nothing_on_what_admins_see(chromium: Chromium, yard: Yard) -> None:
    names = places(yard, yard.accounts["하늘"])
    visitor = await enter(chromium, yard, ADMIN, language="en")
    found: list[str] = []
    for screen in ADMINS:
        await visitor.goes(screen.path.format(**names))
        await visitor.finds(screen.ready)
        found += await violations(visitor, screen.name)
    assert found == []
    assert await visitor.complaints() == []


async def test_somebody_without_a_mouse_gets_in_and_past_the_menu(chromium: Chromium, yard: Yard) -> None:
    visitor = await open_visitor(chromium, yard.url, path="/login")
    await visitor.finds("form")
    for name, text in (("email", yard.accounts["바다"].email), ("password", yard.accounts["바다"].password)):
        await visitor.tabs_to(f"input[name={name}]")
        await visitor.page.ask("Input.insertText", text=text)
    await visitor.hits("Enter")
    await visitor.finds(".frame .home")
    await visitor.tabs_to(".frame-skip")
    await visitor.hits("Enter")
    await visitor.page.until("document.activeElement.id === 'content'")
    await visitor.tabs_to(".home a.notice")


async def test_a_yard_that_cannot_be_reached_says_so_and_is_tried_again(
    chromium: Chromium, yard: Yard
) -> None:
    visitor = await enter(chromium, yard, "바다")
    await visitor.page.ask("Network.enable")
    await visitor.page.ask("Network.setBlockedURLs", urls=["*/api/v1/me"])
    await visitor.page.ask("Page.reload")
    await visitor.sees("서버에 닿을 수 없어요")
    await visitor.page.ask("Network.setBlockedURLs", urls=[])
    await visitor.presses("다시 시도")
    await visitor.sees("바다님, 어서 오세요")
