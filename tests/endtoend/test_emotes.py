"""Emoticons are seen by all who have the room open, themselves included, and are gone after that."""

from __future__ import annotations

from functools import partial

import pytest

from common.clock import now_ms
from common.ids import uuid7
from tests.endtoend.changing import at_once
from tests.support.feed import mute
from tests.support.visit import meeting, once, visit
from tests.support.world import Replica, World

Pair = tuple[Replica, Replica]


@pytest.mark.parametrize(
    ("said", "seen"), [("happy", "😄"), ("love", "😍"), ("bad", "👎"), ("sad", "😢"), ("🍜", "🍜")]
)
async def test_everybody_in_the_room_sees_it_on_every_replica(
    shared_world: World, pair: Pair, said: str, seen: str
) -> None:
    async with (
        meeting(shared_world, pair) as (room, (mina, jun), (m, j)),
        visit(pair[1], mina, room) as desk,
        visit(pair[0], jun) as closed,
    ):
        await m.ok("emote", room=room, emoji=said)
        for raw in (m, desk, j):
            push = await raw.hears("emote")
            assert push.pop("at") > 1_700_000_000_000
            assert push == {"type": "emote", "room": room, "user": mina.id, "emoji": seen}
        assert await closed.heard_so_far("emote") == []
        assert (await j.ok("history.page", room=room))["events"] == []


async def test_typing_beside_it_is_still_not_told_to_who_types(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[0], jun, room) as j:
        await m.ok("typing", room=room, on=True)
        await m.ok("emote", room=room, emoji="happy")
        await m.hears("emote")
        await j.hears("emote")
        assert len(await j.heard_so_far("typing")) == 1
        assert await m.heard_so_far("typing") == []


async def test_too_many_are_refused_with_the_time_to_wait(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as m:
        replies = await at_once(m, "emote", *({"room": room, "emoji": "happy"} for _ in range(20)))
        errors = [reply["error"] for reply in replies if "error" in reply]
        assert {(error["code"], error["retry_after_ms"] > 0) for error in errors} == {("rate_limited", True)}


async def test_who_may_not_speak_may_not_show_either(shared_world: World, pair: Pair) -> None:
    async with (
        meeting(shared_world, pair, strangers=1) as (room, (_mina, jun, sol), (m, j)),
        visit(pair[0], sol) as s,
    ):
        assert (await s.refused("emote", room=room, emoji="happy"))["code"] == "not_a_member"
        assert (await s.refused("emote", room=uuid7(), emoji="happy"))["code"] == "not_a_member"
        for wrong in ("", "x", "glad", "👍👍", "😄" * 20, " ", None):
            assert (await m.refused("emote", room=room, emoji=wrong))["code"] == "invalid"
        muted_at = now_ms()
        mute(shared_world, jun, room, 100)
        reply = await once(
            partial(j.asks, "emote", room=room, emoji="sad"),
            lambda reply: reply.get("error", {}).get("code") == "muted",
        )
        assert muted_at + 100_000 - now_ms() <= reply["error"]["retry_after_ms"] <= 100_000
