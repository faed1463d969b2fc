"""People who look for company, and what they do about it, over HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from common import feed
from tests.control.reports.conftest import Admins, admins
from tests.control.rooms.conftest import Guest, Json, News, good, guests, news, talk
from tests.support.control import Control

__all__ = ["MINUTE", "Admins", "Yard", "admins", "guests", "news", "talk", "yard"]

MINUTE = 60_000  # ms


class Yard:
    """Posts, and what people do with them. Verbs answer with the body of a success; `try_` ones with the answer."""

    def __init__(self, control: Control, news: News) -> None:
        self.control = control
        self._news = news

    def in_minutes(self, minutes: float) -> int:
        return int(self.control.clock.now_ms + minutes * MINUTE)

    async def try_write(self, author: Guest, **said: Any) -> httpx.Response:
        body = {"category": "meal", "title": "국밥", "capacity": 4, "meets_at": self.in_minutes(10)} | said
        return await author.http.post("/api/v1/posts", json=body)

    async def write(self, author: Guest, **said: Any) -> Json:
        return good(await self.try_write(author, **said), 201)

    async def act(self, who: Guest, post: Json, what: str) -> httpx.Response:
        """`join`, `leave`, `confirm` or `cancel`."""
        return await who.http.post(f"/api/v1/posts/{post['id']}/{what}")

    async def join(self, post: Json, *people: Guest) -> None:
        for who in people:
            good(await self.act(who, post, "join"))

    async def matched(self, author: Guest, *others: Guest, **said: Any) -> Json:
        """The match of a post that these joined."""
        post = await self.write(author, **said)
        await self.join(post, *others)
        match: Json = good(await self.act(author, post, "confirm"))["match"]
        return match

    async def change(self, who: Guest, post: Json, **said: Any) -> httpx.Response:
        return await who.http.patch(f"/api/v1/posts/{post['id']}", json=said)

    async def try_see(self, who: Guest, post: Json) -> httpx.Response:
        return await who.http.get(f"/api/v1/posts/{post['id']}")

    async def see(self, who: Guest, post: Json) -> Json:
        return good(await self.try_see(who, post))

    async def listed(self, who: Guest, **query: Any) -> list[str]:
        """The titles of a list."""
        return [each["title"] for each in (await self.page(who, **query))["posts"]]

    async def page(self, who: Guest, **query: Any) -> Json:
        return good(await who.http.get("/api/v1/posts", params=query))

    async def try_comment(self, who: Guest, post: Json, text: str = "저도요") -> httpx.Response:
        return await who.http.post(f"/api/v1/posts/{post['id']}/comments", json={"text": text})

    async def comment(self, who: Guest, post: Json, text: str = "저도요") -> Json:
        return good(await self.try_comment(who, post, text), 201)

    async def comments(self, who: Guest, post: Json, **query: Any) -> Json:
        return good(await who.http.get(f"/api/v1/posts/{post['id']}/comments", params=query))

    async def block(self, who: Guest, person: Guest) -> None:
        answer = await who.http.put(f"/api/v1/me/relations/blocked/{person.id}")
        assert answer.status_code == 204, answer.text

    def pass_minutes(self, minutes: float) -> None:
        """Time passes. Tokens live a little longer than posts do here."""
        self.control.clock.pass_seconds(minutes * 60)

    async def told(self) -> list[feed.PostChanged]:
        """The news of posts, in order."""
        return [each for each in await self._news() if isinstance(each, feed.PostChanged)]


@pytest.fixture
def yard(control: Control, news: News) -> Yard:
    return Yard(control, news)
