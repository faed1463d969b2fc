"""Slow mode and rooms that are closed as those feel them who write, on two replicas."""

from __future__ import annotations

import asyncpg
import trio

from common import feed
from common.clock import now_ms
from common.ids import uuid7
from tests.support.feed import publish
from tests.support.promptly import within
from tests.support.rawsocket import Raw
from tests.support.visit import granted_once, refusal_of, say, saying, visit
from tests.support.world import Replica, World

Pair = tuple[Replica, Replica]
SLACK_MS = 1000  # a message is allowed before it has its time


def execute(world: World, statement: str, *arguments: object) -> None:
    async def run(connection: asyncpg.Connection) -> None:
        await connection.execute(statement, *arguments)

    world.sql(run)


def slow(world: World, room: str, seconds: int) -> None:
    execute(world, "UPDATE rooms SET slow_mode = $2 WHERE id = $1", room, seconds)
    publish(world, feed.RoomChanged(room=room))


# --- slow mode --------------------------------------------------------------------------------------------------------


async def test_in_slow_mode_a_person_waits_on_all_devices_and_moderators_do_not(
    shared_world: World, pair: Pair
) -> None:
    mina, jun, sol = shared_world.people(3)
    room = shared_world.room(mina, jun, sol)
    slow(shared_world, room, 60)
    async with (
        visit(pair[0], mina, room) as owner,
        visit(pair[0], jun) as phone,
        visit(pair[1], jun) as desk,
        visit(pair[1], sol) as other,
    ):
        client_id = uuid7()
        first = await say(phone, room, "one", client_id)
        for device in (phone, desk):
            error = await device.refused("message.send", **saying(room, "two"))
            assert (error["code"], error["temporary"]) == ("slow_mode", True)
            assert first["at"] + 60_000 - now_ms() - SLACK_MS <= error["retry_after_ms"] <= 60_000
            assert await say(device, room, "one", client_id) == first
        await say(other, room, "three")
        for text in ("four", "five"):
            await say(owner, room, text)
        heard = [(await owner.hears("message"))["text"] for _ in range(4)]
        assert heard == ["one", "three", "four", "five"]


async def test_of_many_messages_at_once_on_both_replicas_slow_mode_takes_one(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    slow(shared_world, room, 60)
    async with visit(pair[0], jun) as phone, visit(pair[1], jun) as desk:
        answers: list[bool] = []

        async def shout(device: Raw) -> None:
            for number in range(10):
                reply = await device.asks("message.send", **saying(room, f"{number}"))
                answers.append("ok" in reply)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(shout, phone)
            nursery.start_soon(shout, desk)
        assert answers.count(True) == 1
        page = (await desk.ok("history.page", room=room))["events"]
        assert len(page) == 1


async def test_slow_mode_ends_when_it_is_switched_off(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    slow(shared_world, room, 21_600)
    async with visit(pair[0], jun) as j:
        await say(j, room, "one")
        assert (await j.refused("message.send", **saying(room, "two")))["code"] == "slow_mode"
        slow(shared_world, room, 0)
        with within(1):
            await granted_once(j, "message.send", **saying(room, "two"))
        await say(j, room, "three")


# --- rooms that are closed --------------------------------------------------------------------------------------------


async def test_in_an_archived_room_nobody_speaks(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], jun, room) as j:
        await say(j, room, "before")
        execute(shared_world, "UPDATE rooms SET archived_at = now() WHERE id = $1", room)
        publish(shared_world, feed.RoomChanged(room=room))
        assert (await refusal_of(j, room))["code"] == "not_a_member"
