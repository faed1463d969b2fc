"""Typing is told at once to whoever has the room open on any replica, and only where it is of use."""

from __future__ import annotations

from typing import Any

import asyncpg

from common.clock import now_ms
from common.ids import uuid7
from tests.support.feed import leave, mute
from tests.support.rawsocket import Raw
from tests.support.visit import meeting, refusal_once, say, visit
from tests.support.world import Replica, World

Pair = tuple[Replica, Replica]


async def types(raw: Raw, room: str, *, on: bool = True) -> dict[str, Any]:
    return await raw.ok("typing", room=room, on=on)


async def test_the_others_in_the_room_are_told_on_every_replica_and_oneself_is_not(
    shared_world: World, pair: Pair
) -> None:
    mina, jun, sol = shared_world.people(3)
    room = shared_world.room(mina, jun, sol)
    async with (
        visit(pair[0], mina, room) as m,
        visit(pair[1], mina, room) as desk,
        visit(pair[0], jun, room) as j,
        visit(pair[1], sol, room) as s,
        visit(pair[1], sol) as closed,
    ):
        await types(m, room)
        for raw in (j, s):
            told = await raw.hears("typing")
            assert told.pop("expires_in_ms") == 6000
            assert told == {"type": "typing", "room": room, "user": mina.id, "on": True}
        await types(m, room, on=False)
        for raw in (j, s):
            assert await raw.hears("typing") == {"type": "typing", "room": room, "user": mina.id, "on": False}
        for raw in (m, desk, closed):
            assert await raw.heard_so_far("typing") == []


async def test_who_keeps_saying_it_is_passed_on_once(shared_world: World, pair: Pair) -> None:
    async with meeting(shared_world, pair) as (room, _, (m, j)):
        for _ in range(30):
            await types(m, room)
        await say(m, room, "done")
        await j.hears("message")
        await types(j, room)
        await m.hears("typing")  # so what was told before it has arrived
        assert len(await j.heard_so_far("typing")) == 1


async def test_who_is_no_member_or_muted_or_expired_is_refused(shared_world: World, pair: Pair) -> None:
    async with (
        meeting(shared_world, pair, strangers=1) as (room, (mina, jun, sol), (m, j)),
        visit(pair[0], sol) as s,
        visit(pair[0], mina, token=mina.token(1)) as late,
    ):
        assert (await s.refused("typing", room=room, on=True))["code"] == "not_a_member"
        assert (await s.refused("typing", room=uuid7(), on=True))["code"] == "not_a_member"
        assert (await refusal_once(late, "typing", room=room, on=True))["code"] == "token_expired"
        muted_at = now_ms()
        mute(shared_world, jun, room, 100)
        error = await refusal_once(j, "typing", room=room, on=True)
        assert error["code"] == "muted"
        assert muted_at + 100_000 - now_ms() <= error["retry_after_ms"] <= 100_000
        leave(shared_world, jun, room)
        await j.hears("closed")
        assert (await j.refused("typing", room=room, on=True))["code"] == "not_a_member"
        for wrong in ({}, {"room": room}, {"room": "yard", "on": True}, {"room": room, "on": "yes"}):
            assert (await m.refused("typing", **wrong))["code"] == "invalid"


async def test_a_large_room_is_not_told(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    large, small = shared_world.room(mina, jun), shared_world.room(mina, jun)
    shared_world.sql(_enlarge, large)
    async with visit(pair[0], mina, large, small) as m, visit(pair[1], jun, large, small) as j:
        await types(m, large)
        await types(m, small)
        assert (await j.hears("typing"))["room"] == small
        assert await j.heard_so_far("typing") == []


async def _enlarge(connection: asyncpg.Connection, room: str) -> None:
    await connection.execute("UPDATE rooms SET member_count = 201 WHERE id = $1", room)


async def test_a_flood_of_typing_is_bounded_as_any_command(shared_world: World, pair: Pair) -> None:
    async with meeting(shared_world, pair) as (room, _, (m, j)):
        await m.say(*[{"type": "typing", "id": str(n), "room": room, "on": bool(n % 2)} for n in range(100)])
        replies = [await m.hears("reply", id=str(n)) for n in range(100)]
        refused = [reply["error"] for reply in replies if "error" in reply]
        assert refused
        assert {(error["code"], error["retry_after_ms"] > 0) for error in refused} == {("rate_limited", True)}
        await j.hears("typing", on=True)
