"""Rooms that are closed: what is unread there is told, and mentions are heard, on every device and replica."""

from __future__ import annotations

from typing import Any

from tests.support.feed import join, leave
from tests.support.rawsocket import Raw
from tests.support.visit import say, say_many, saying, visit
from tests.support.world import Replica, World

Pair = tuple[Replica, Replica]


async def hears_up_to(raw: Raw, room: str, mseq: int) -> dict[str, Any]:
    """What is told of a room, once it stands at `mseq`."""
    while (told := await raw.hears("personal.message", room=room))["mseq"] != mseq:
        assert told["mseq"] < mseq
    return told


async def test_of_a_closed_room_is_told_on_every_replica_and_of_an_open_one_is_not(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room, other = shared_world.room(mina, jun), shared_world.room(mina, jun)
    async with (
        visit(pair[0], mina, other) as phone,
        visit(pair[1], mina) as desk,
        visit(pair[1], mina, room) as reader,
        visit(pair[0], jun, room) as j,
    ):
        await say_many(j, room, 3)
        for device in (phone, desk):
            told = await hears_up_to(device, room, 3)
            assert (told["sender"], told["seq"]) == (jun.id, 3)
        await say(j, other)
        await hears_up_to(desk, other, 1)
        await hears_up_to(reader, other, 1)
        assert await reader.heard_so_far("personal.message") == []
        assert await phone.heard_so_far("personal.message") == []


async def test_a_mention_is_heard_where_the_room_is_closed(shared_world: World, pair: Pair) -> None:
    mina, jun, sol = shared_world.people(3)
    room = shared_world.room(jun, mina, sol)
    async with (
        visit(pair[0], mina) as phone,
        visit(pair[1], mina, room) as desk,
        visit(pair[1], sol) as s,
        visit(pair[0], jun, room) as j,
    ):
        await j.ok("message.send", **saying(room, "@you"), mentions=[mina.id])
        assert await phone.hears("personal.mention") == {
            "type": "personal.mention",
            "room": room,
            "seq": 1,
            "mseq": 1,
            "by": jun.id,
        }
        await j.ok("message.send", **saying(room, "@all"), mention_all=True)
        assert (await phone.hears("personal.mention"))["mseq"] == 2
        assert (await s.hears("personal.mention"))["mseq"] == 2
        assert await desk.heard_so_far("personal.mention") == []
        assert await j.heard_so_far("personal.mention") == []


async def test_who_joins_hears_of_the_room_and_who_leaves_does_not(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room, marker = shared_world.room(jun), shared_world.room(jun, mina)
    async with visit(pair[0], mina) as m, visit(pair[1], jun, room) as j:
        join(shared_world, mina, room)
        await m.hears("personal.room", change="joined")
        await say(j, room)
        await hears_up_to(m, room, 1)
        leave(shared_world, mina, room)
        await m.hears("personal.room", change="left")
        await say(j, room)
        await say(j, marker)
        await hears_up_to(m, marker, 1)
        assert await m.heard_so_far("personal.message") == []


async def test_saying_something_is_reading_on_all_my_devices(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(jun, mina)
    async with (
        visit(pair[0], mina, room) as phone,
        visit(pair[1], mina) as desk,
        visit(pair[1], jun, room) as j,
    ):
        await j.ok("message.send", **saying(room, "you?"), mentions=[mina.id])
        await phone.hears("message")
        mine = await say(phone, room, "me")
        assert mine["mseq"] == 2
        for device in (phone, desk):
            told = await device.hears("personal.read")
            assert told == {"type": "personal.read", "room": room, "mseq": 2, "unread": 0, "mentions": 0}
        await j.ok("message.send", **saying(room, "you!"), mentions=[mina.id])
        await say(j, room)
        await phone.ok("read.mark", room=room, mseq=2)
        assert await phone.heard_so_far("personal.read") == []  # that was read already
        async with visit(pair[1], mina, room) as third:
            await third.ok("read.mark", room=room, mseq=3)
            assert (await desk.hears("personal.read", mseq=3))["unread"] == 1
