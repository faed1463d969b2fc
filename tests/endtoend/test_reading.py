"""How far people have read: the same on every device and replica, exact under whatever is marked at once."""

from __future__ import annotations

from typing import Any

import asyncpg
import trio

from common import feed
from common.ids import uuid7
from tests.support.feed import leave, publish
from tests.support.visit import refusal_once, say, say_many, visit
from tests.support.world import Person, Replica, World, client_of

Pair = tuple[Replica, Replica]


async def last_read(world: World, person: Person, room: str) -> int:
    async def ask(connection: asyncpg.Connection) -> Any:
        return await connection.fetchval(
            "SELECT last_read FROM members WHERE user_id = $1 AND room_id = $2", person.id, room
        )

    found: int = await trio.to_thread.run_sync(world.sql, ask)
    return found


async def test_a_mark_is_told_to_my_devices_and_to_the_room_on_every_replica(
    shared_world: World, pair: Pair
) -> None:
    mina, jun, sol = shared_world.people(3)
    room = shared_world.room(mina, jun, sol)
    async with (
        visit(pair[0], mina, room) as phone,
        visit(pair[1], mina) as desk,
        visit(pair[0], jun, room) as j,
        visit(pair[1], sol, room) as s,
        visit(pair[1], sol) as closed,
    ):
        await say_many(j, room, 5)
        assert await phone.ok("read.mark", room=room, mseq=3) == {"mseq": 3}
        assert await last_read(shared_world, mina, room) == 3
        for device in (phone, desk):
            told = await device.hears("personal.read")
            assert told == {"type": "personal.read", "room": room, "mseq": 3, "unread": 2, "mentions": 0}
        for raw in (j, s):
            assert await raw.hears("read") == {"type": "read", "room": room, "user": mina.id, "mseq": 3}
        for raw in (phone, desk, closed):
            assert await raw.heard_so_far("read") == []


async def test_two_devices_marking_at_once_end_at_the_furthest(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with (
        visit(pair[0], jun, room) as j,
        visit(pair[0], mina, room) as phone,
        visit(pair[1], mina, room) as desk,
    ):
        await say_many(j, room, 30)
        for device in (phone, desk):
            await device.hears("message", text="29")
        await phone.say(
            *[{"type": "read.mark", "id": f"p{n}", "room": room, "mseq": n} for n in range(1, 31, 2)]
        )
        await desk.say(
            *[{"type": "read.mark", "id": f"d{n}", "room": room, "mseq": n} for n in range(28, 0, -2)]
        )
        for device, name, marks in ((phone, "p", range(1, 31, 2)), (desk, "d", range(28, 0, -2))):
            for n in marks:
                assert (await device.hears("reply", id=f"{name}{n}"))["ok"]["mseq"] >= n
        assert await last_read(shared_world, mina, room) == 29
        for device in (phone, desk):
            while (told := await device.hears("personal.read"))["mseq"] != 29:
                assert told["mseq"] < 29
            assert told["unread"] == 1


async def test_a_mark_beyond_what_was_said_ends_at_what_was_said(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room, silent = shared_world.room(mina, jun), shared_world.room(mina)
    async with visit(pair[0], jun, room) as j, visit(pair[1], mina) as m:
        await say_many(j, room, 2)
        assert await m.ok("read.mark", room=room, mseq=10**11) == {"mseq": 2}
        assert await m.ok("read.mark", room=silent, mseq=5) == {"mseq": 0}
        await m.ok("room.open", room=room)
        await say(j, room, "more")
        await m.hears("message", text="more")
        assert await m.ok("read.mark", room=room, mseq=1) == {"mseq": 2}
        assert await m.ok("read.mark", room=room, mseq=4) == {"mseq": 3}


async def test_marks_for_rooms_that_one_is_not_in_and_marks_that_are_none_are_refused(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room, other = shared_world.room(mina, jun), shared_world.room(jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        await say_many(j, room, 2)
        for stranger in (other, uuid7()):
            assert (await m.refused("read.mark", room=stranger, mseq=1))["code"] == "not_a_member"
        for wrong in (
            {},
            {"room": room},
            {"room": room, "mseq": -1},
            {"room": room, "mseq": 10**12},
            {"room": room, "mseq": "1"},
            {"room": room, "mseq": 1.5},
            {"room": "yard", "mseq": 1},
        ):
            assert (await m.refused("read.mark", **wrong))["code"] == "invalid"
        leave(shared_world, mina, room)
        await m.hears("closed")
        assert (await m.refused("read.mark", room=room, mseq=1))["code"] == "not_a_member"


async def test_past_its_tokens_end_one_may_not_mark(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room, token=mina.token(1)) as late:
        assert (await refusal_once(late, "read.mark", room=room, mseq=0))["code"] == "token_expired"


async def test_a_flood_of_marks_is_answered_each_and_tells_others_little(
    shared_world: World, unlimited: Replica
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(unlimited, mina, room) as m, visit(unlimited, jun, room) as j:
        await say_many(j, room, 50)
        await m.hears("message", text="49")
        await m.say(*[{"type": "read.mark", "id": str(n), "room": room, "mseq": n % 51} for n in range(1000)])
        for n in range(1000):
            assert "ok" in await m.hears("reply", id=str(n))
        with trio.fail_after(10):
            while (await j.hears("read"))["mseq"] != 50:
                pass
        assert await last_read(shared_world, mina, room) == 50


async def test_the_mark_of_a_replica_that_is_killed_after_its_answer_stays(world: World) -> None:
    mina, jun = world.people(2)
    room = world.room(mina, jun)
    a, b = world.replicas(2)
    async with visit(b, jun, room) as j, visit(a, mina, room) as m:
        await say_many(j, room, 3)
        await m.hears("message", text="2")
        assert await m.ok("read.mark", room=room, mseq=3) == {"mseq": 3}
        a.kill()
        assert await last_read(world, mina, room) == 3


async def test_a_large_room_is_not_told_who_has_read(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    large, small = shared_world.room(mina, jun), shared_world.room(mina, jun)

    async def enlarge(connection: asyncpg.Connection) -> None:
        await connection.execute("UPDATE rooms SET member_count = 201 WHERE id = $1", large)

    shared_world.sql(enlarge)
    async with visit(pair[0], mina, large, small) as m, visit(pair[1], jun, large, small) as j:
        for room in (large, small):
            await say(j, room, "well")
            await m.hears("message", room=room)
            await m.ok("read.mark", room=room, mseq=1)
            assert (await m.hears("personal.read", room=room))["unread"] == 0
        assert (await j.hears("read"))["room"] == small
        assert await j.heard_so_far("read") == []


async def test_a_mark_made_over_http_reaches_the_same_sockets(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with (
        visit(pair[0], mina) as phone,
        visit(pair[1], mina, room) as desk,
        visit(pair[1], jun, room) as j,
    ):
        publish(
            shared_world,
            feed.CursorMoved(room=room, user=mina.id, mseq=3, unread=2, mentions=1, shown=True),
            feed.CursorMoved(room=room, user=mina.id, mseq=4, unread=1, mentions=0, shown=False),
        )
        for device in (phone, desk):
            told = await device.hears("personal.read")
            assert told == {"type": "personal.read", "room": room, "mseq": 3, "unread": 2, "mentions": 1}
            assert (await device.hears("personal.read"))["mseq"] == 4
            assert await device.heard_so_far("read") == []
        assert [told["mseq"] for told in await j.heard_so_far("read")] == [3]


async def test_the_client_types_and_marks_what_it_has_read(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room_id = shared_world.room(mina, jun)
    async with client_of(mina, pair[0]) as client, visit(pair[1], jun, room_id) as j:
        room = await client.open_room(room_id)
        await say_many(j, room_id, 2)
        await room.typing()
        assert (await j.hears("typing"))["user"] == mina.id
        assert await room.mark_read(7) == 2
        assert (await j.hears("read"))["mseq"] == 2
