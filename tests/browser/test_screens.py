"""Every screen, by day and at night, as somebody who cannot see it well, or not at all, meets it."""

from __future__ import annotations

from typing import get_args

from tests.browser.screens import MEMBERS, STRANGERS, places
from tests.browser.visitor import Theme, Visitor, open_visitor
from tests.support.chromium import Chromium
from tests.support.yard import Yard


async def violations(visitor: Visitor, name: str) -> list[str]:
    found = []
    for theme in get_args(Theme):
        await visitor.looks(theme=theme, width=1280, height=800)
        await visitor.settles()
        found += [f"{name}, {theme}: {each}" for each in await visitor.violations()]
    return found


async def test_axe_finds_nothing_on_any_screen_by_day_or_at_night(chromium: Chromium, yard: Yard) -> None:
    account = yard.accounts["하늘"]
    names = places(yard, account)
    found: list[str] = []
    visitor = await open_visitor(chromium, yard.url, path="/login")
    for screen in STRANGERS:
        await visitor.goes(screen.path)
        await visitor.finds(screen.ready)
        found += await violations(visitor, screen.name)
    await visitor.goes("/login")
    await visitor.log_in(account)
    for screen in MEMBERS:
        await visitor.goes(screen.path.format(**names))
        await visitor.finds(screen.ready)
        found += await violations(visitor, screen.name)
    assert found == []
    assert await visitor.complaints() == []
