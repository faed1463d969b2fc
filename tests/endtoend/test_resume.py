"""Coming back: exactly what was missed, from memory or from the log; or an honest reset."""

from __future__ import annotations

from typing import Any

import trio

from common.ids import uuid7
from tests.support.feed import join, leave
from tests.support.rawsocket import Raw, command
from tests.support.visit import say, say_many, saying, visit
from tests.support.world import Person, Replica, World

Pair = tuple[Replica, Replica]


async def seqs(raw: Raw, count: int) -> list[int]:
    return [(await raw.hears("message"))["seq"] for _ in range(count)]


async def position(raw: Raw, room: str) -> dict[str, Any]:
    found: dict[str, Any] = (await raw.ok("room.open", room=room))["position"]
    return found


async def test_who_comes_back_to_another_replica_hears_exactly_what_was_missed(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m:
        await say(m, room, "heard")
        await m.hears("message")
        async with visit(pair[0], jun) as j:
            here = await position(j, room)
            assert here["seq"] == 1
        await say_many(m, room, 5)
        async with visit(pair[1], jun) as j:
            opened = await j.ok("room.open", room=room, resume=here)
            assert opened["position"] == here
            assert await seqs(j, 5) == [2, 3, 4, 5, 6]
            await say(m, room, "live")
            assert await seqs(j, 1) == [7]
            assert await j.heard_so_far("message") == []


async def test_rooms_are_resumed_with_hello_too(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room, other = shared_world.room(mina, jun), shared_world.room(mina, jun)
    secret, nowhere = shared_world.room(mina), uuid7()
    async with visit(pair[0], mina) as m:
        async with visit(pair[0], jun) as j:
            here, there = await position(j, room), await position(j, other)
        await say(m, room, "a")
        await say(m, other, "b")
        await say(m, secret, "c")
        resume = {room: here, secret: here, nowhere: here, other: there}
        async with visit(pair[1], jun, resume=resume, id="hello") as j:
            assert await j.hears("reply", id="hello") == {"type": "reply", "id": "hello", "ok": {}}
            assert (await j.hears("opened", room=room))["position"] == here
            assert (await j.hears("message", room=room))["text"] == "a"
            for refused in (secret, nowhere):
                assert (await j.hears("closed", room=refused))["code"] == "not_a_member"
            assert (await j.hears("message", room=other))["text"] == "b"
            await say(m, other, "live")
            assert (await j.hears("message", room=other))["text"] == "live"


async def test_commands_said_with_hello_wait_for_the_rooms_it_resumes(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], jun) as j:
        here = await position(j, room)
    async with visit(pair[0], jun, resume={room: here}) as j:
        await j.say({"type": "room.close", "id": "1", "room": room})
        assert [(await j.hears())["type"] for _ in range(2)] == ["opened", "reply"]


async def test_who_missed_nothing_hears_what_comes(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina) as m, visit(pair[1], jun, room) as j:
        await say(m, room, "before")
        assert await seqs(j, 1) == [1]
        here = await position(j, room)
        assert await j.ok("room.open", room=room, resume=here)
        await say(m, room, "after")
        assert await seqs(j, 1) == [2]
        assert await j.heard_so_far("reset") == []


async def test_a_replica_that_just_began_reads_what_was_missed_from_the_log(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina) as m:
        async with visit(pair[0], jun) as j:
            here = await position(j, room)
        await say_many(m, room, 20)
        fresh = (await trio.to_thread.run_sync(shared_world.replicas, 1))[0]
        async with visit(fresh, jun) as j:
            await j.ok("room.open", room=room, resume=here)
            assert await seqs(j, 20) == list(range(1, 21))
            await say(m, room, "live")
            assert await seqs(j, 1) == [21]


async def test_what_is_said_while_somebody_catches_up_comes_once_and_in_order(
    shared_world: World, pair: Pair
) -> None:
    mina, *others = shared_world.people(6)
    room = shared_world.room(mina, *others)
    async with visit(pair[0], mina) as m:
        async with visit(pair[0], others[0]) as j:
            here = await position(j, room)
        await say_many(m, room, 20)
        fresh = (await trio.to_thread.run_sync(shared_world.replicas, 1))[0]

        async def catch_up(person: Person) -> None:
            async with visit(fresh, person) as raw:
                await raw.ok("room.open", room=room, resume=here)
                assert await seqs(raw, 40) == list(range(1, 41))

        async with trio.open_nursery() as nursery:
            nursery.start_soon(say_many, m, room, 20)
            for person in others:
                nursery.start_soon(catch_up, person)


async def test_too_far_behind_is_a_reset_and_then_live(
    shared_world: World, pair: Pair, unlimited: Replica
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(unlimited, mina) as m, visit(pair[1], jun) as j:
        here = await position(j, room)
        await j.ok("room.close", room=room)
        await say_fast(m, room, 500)
        await j.ok("room.open", room=room, resume=here)
        assert await seqs(j, 500) == list(range(1, 501))
        await j.ok("room.close", room=room)
        async with visit(pair[1], mina, room) as there:
            await say(m, room, "one too many")
            await there.hears("message", text="one too many")
        opened = await j.ok("room.open", room=room, resume=here)
        reset = await j.hears("reset")
        assert (reset["reason"], reset["position"]) == ("behind", opened["position"])
        assert reset["position"]["seq"] == 501
        await say(m, room, "live")
        assert await seqs(j, 1) == [502]


async def test_much_to_read_is_a_reset_too_and_loading_it_works(
    shared_world: World, pair: Pair, unlimited: Replica
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(unlimited, mina) as m, visit(pair[1], jun) as j:
        here = await position(j, room)
        await j.ok("room.close", room=room)
        await say_fast(m, room, 200, "흙" * 4000)  # 2.4 MB
        for replica in (pair[1], unlimited):
            async with visit(replica, jun) as again:
                await again.ok("room.open", room=room, resume=here)
                assert (await again.hears("reset"))["reason"] == "behind"
                assert (await again.ok("history.page", room=room))["more"]


async def test_another_epoch_is_a_reset(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw:
        await say(raw, room, "here")
        opened = await raw.ok("room.open", room=room, resume={"epoch": "another", "seq": 1})
        reset = await raw.hears("reset")
        assert (reset["reason"], reset["position"], reset["room"]) == ("epoch", opened["position"], room)


async def test_who_left_and_came_back_is_not_shown_what_was_said_meanwhile(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun, history="joined")
    async with visit(pair[0], mina) as m, visit(pair[1], jun, room) as j:
        await say(m, room, "known")
        await j.hears("message")
        here = await position(j, room)
        leave(shared_world, jun, room)
        await j.hears("closed", room=room)
        await say(m, room, "not for jun")
        join(shared_world, jun, room)
        await j.hears("personal.room", change="joined")
        await j.ok("room.open", room=room, resume=here)
        assert (await j.hears("reset"))["reason"] == "hole"
        await say(m, room, "welcome back")
        await j.hears("message", text="welcome back")
        texts = [event.get("text") for event in (await j.ok("history.page", room=room))["events"]]
        assert "welcome back" in texts
        assert "not for jun" not in texts


async def test_many_rooms_are_resumed_at_once(shared_world: World, pair: Pair, unlimited: Replica) -> None:
    mina, jun = shared_world.people(2)
    rooms = shared_world.rooms(100, mina, jun)
    async with visit(unlimited, jun) as j, visit(unlimited, mina) as m:
        where = {room: await position(j, room) for room in rooms}
        for room in rooms:
            await say(m, room, "흙" * 1000)
    async with visit(pair[1], jun, resume=where) as j:
        for room in rooms:
            await j.hears("message", room=room)
        assert await j.heard_so_far("reset") == []


async def say_fast(raw: Raw, room: str, count: int, text: str = "well") -> None:
    """Say that many things without waiting for each answer."""
    for start in range(0, count, 50):
        numbers = range(start, min(count, start + 50))
        await raw.send(
            b"".join(command(type="message.send", id=str(n), **saying(room, text)) for n in numbers)
        )
        for number in numbers:
            assert "ok" in await raw.hears("reply", id=str(number))
