"""The demo's people hold their conversations over chatd's sockets, each once, however often they begin."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
import pytest

from control.demo.seed import Planted, plant
from deploy.local.talking import Conversation, hold
from tests.support.control import Control, running_control, settings_of
from tests.support.world import World, hand_over_to_control


@pytest.fixture
async def control(world: World, s3_url: str) -> AsyncIterator[Control]:
    """Control on the stores of a world, its passwords cheap."""
    world.sql(hand_over_to_control)
    settings = settings_of(
        database_url=world.database_url, redis_url=world.redis_url, mongo_url=world.mongo_url, s3_url=s3_url
    )
    async with running_control(settings) as control:
        yield control


async def said(control: Control, planted: Planted, room: str) -> list[str]:
    """What the log has of a room, as its first member reads it."""
    account = planted.accounts[0]
    answer = await control.post("/api/v1/sessions", {"email": account.email, "password": account.password})
    async with control.with_token(answer.json()["access_token"]) as client:
        page = (await client.get(f"/api/v1/rooms/{room}/events", params={"limit": 100})).json()
    return [event["text"] for event in page["events"] if event["type"] == "message"]


async def test_a_conversation_that_was_cut_short_is_held_to_its_end_and_each_line_is_said_once(
    world: World, control: Control
) -> None:
    a, b = world.replicas(2)
    planted = await plant(control.services)
    talks = msgspec.convert(msgspec.to_builtins(planted.conversations), list[Conversation])
    passwords = {account.email: account.password for account in planted.accounts}
    yard = talks[0]
    cut = Conversation(yard.room, yard.lines[:3])
    await hold(control.url, [a.url], passwords, [cut])
    again = (await plant(control.services)).conversations
    assert msgspec.to_builtins(again) == msgspec.to_builtins(talks)
    for _ in range(2):
        await hold(control.url, [b.url, a.url], passwords, talks)
        assert await said(control, planted, yard.room) == [line.text for line in yard.lines]
    assert (await plant(control.services)).conversations == []
