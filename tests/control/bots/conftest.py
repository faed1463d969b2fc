"""People with roles, and what they do with bots."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest

from tests.control.rooms.conftest import Guest, Guests, Json, good, guests, news, talk
from tests.support.control import Control

__all__ = ["guests", "news", "talk"]


@dataclass
class Owner:
    """A mentor, who may make bots."""

    guest: Guest
    http: httpx.AsyncClient

    async def bot(self, nickname: str = "점심봇", **more: str) -> Json:
        return good(await self.http.post("/api/v1/bots", json={"nickname": nickname, **more}), 201)

    async def token(self, bot: Json, *scopes: str) -> Json:
        body = {"name": "부엌", "scopes": list(scopes or ("read", "write", "rooms"))}
        return good(await self.http.post(f"/api/v1/bots/{bot['id']}/tokens", json=body), 201)

    async def revoke(self, bot: Json, token: Json) -> httpx.Response:
        return await self.http.delete(f"/api/v1/bots/{bot['id']}/tokens/{token['token']['id']}")

    async def put(self, bot: Json, room: str) -> httpx.Response:
        return await self.http.put(f"/api/v1/bots/{bot['id']}/rooms/{room}")


Owners = Callable[[int], Awaitable[list[Owner]]]


@pytest.fixture
async def owners(control: Control, guests: Guests) -> Owners:
    """`arin, bora = await owners(2)`: mentors with a session."""

    async def owners(count: int) -> list[Owner]:
        found = await guests(count)
        for guest in found:
            await control.grant(guest.id, "mentor")
        return [Owner(guest, guest.http) for guest in found]

    return owners


async def exchanged(control: Control, secret: str) -> Json:
    """The answer to an exchange that succeeds."""
    return good(await control.post("/api/v1/bots/token", {"token": secret}))
