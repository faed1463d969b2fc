"""Rooms with webhooks, and systems that post to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
import pytest

from common import feed
from common.postgres import Connection
from tests.control.rooms.conftest import Guest, Guests, Json, good, guests
from tests.support.control import Control

__all__ = ["guests"]


@dataclass
class Hooked:
    """A room with a webhook."""

    control: Control
    owner: Guest
    room: str
    hook: Json
    address: str  # the path of its URL

    async def post(
        self, text: Any = "배포가 끝났습니다", *, key: str | None = None, **more: Any
    ) -> httpx.Response:
        headers = {} if key is None else {"idempotency-key": key}
        return await self.control.http.post(self.address, json={"text": text, **more}, headers=headers)

    async def said(self) -> list[feed.HookSpoke]:
        """What is on its way into rooms."""

        async def read(connection: Connection) -> list[str]:
            return [row[0] for row in await connection.fetch("SELECT data FROM outbox ORDER BY id")]

        rows = await self.control.services.db.read(read)
        changes = [msgspec.json.decode(row, type=feed.AnyChange) for row in rows]
        return [each for each in changes if isinstance(each, feed.HookSpoke)]


async def hook_for(control: Control, owner: Guest, room: str, name: str = "빌드 알림") -> Hooked:
    made = good(await owner.http.post(f"/api/v1/rooms/{room}/hooks", json={"name": name}), 201)
    address = made["url"].removeprefix(control.services.settings.public_url)
    return Hooked(control, owner, room, made["hook"], address)


@pytest.fixture
async def hooked(control: Control, guests: Guests) -> Hooked:
    (mina,) = await guests(1)
    return await hook_for(control, mina, (await mina.create())["id"])
