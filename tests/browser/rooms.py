"""Rooms for those who try the web app: made, entered, spoken in, and heard by a program beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from chatd.client import Room, open_client
from tests.browser.visitor import Visitor, enter
from tests.support.chromium import PATIENCE, Chromium
from tests.support.yard import Yard

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
LAST_ACTS = "[...document.querySelectorAll('.say-side button')].at(-1)"
IN_THREAD = "[...document.querySelectorAll('.thread .say-text')].map((each) => each.textContent)"


async def says(visitor: Visitor, text: str) -> None:
    """By keyboard, as people do."""
    await visitor.fills(".composer-text", text)
    await visitor.hits("Enter")


async def acts_on_the_last(visitor: Visitor, act: str) -> None:
    await visitor.page.until(f"(() => {{ const it = {LAST_ACTS}; it.focus(); it.click(); return true; }})()")
    await visitor.presses(act)


async def first_seen(visitor: Visitor) -> tuple[str, float]:
    """The key of the first row in view, and where its top is, once nothing is on its way and nothing moves."""
    await visitor.page.until(f"{SCROLL}.ariaBusy === 'false'")
    before = None
    while (now := await visitor.page.run(FIRST_SEEN)) != before:
        before = now
        await visitor.page.run(FRAMES)
    key, top = now
    return key, top


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
    async with httpx.AsyncClient(base_url=yard.url, verify=False, timeout=PATIENCE) as http:
        credentials = {"email": account.email, "password": account.password}
        answer = await http.post("/api/v1/sessions", json=credentials)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["access_token"])


async def a_room_of(yard: Yard, owner: str, *others: str, slow_mode: int = 0) -> str:
    """A public room that only these are in."""
    async with httpx.AsyncClient(base_url=yard.url, verify=False, timeout=PATIENCE) as http:
        wanted = {"title": "우리끼리", "visibility": "public", "history": "all"}
        bearer = {"authorization": f"Bearer {await token_of(yard, owner)}"}
        room = str((await http.post("/api/v1/rooms", json=wanted, headers=bearer)).json()["id"])
        slow = await http.patch(f"/api/v1/rooms/{room}", json={"slow_mode": slow_mode}, headers=bearer)
        slow.raise_for_status()
        for other in others:
            bearer = {"authorization": f"Bearer {await token_of(yard, other)}"}
            (await http.post(f"/api/v1/rooms/{room}/join", headers=bearer)).raise_for_status()
    return room
