"""Opening and closing rooms, and who is there."""

from __future__ import annotations

from common.ids import uuid7
from tests.support.visit import meeting, say, saying, visit
from tests.support.world import Replica, World

Pair = tuple[Replica, Replica]


async def test_an_open_room_is_heard_on_every_replica(shared_world: World, pair: Pair) -> None:
    async with meeting(shared_world, pair, 3) as (room, (mina, _jun, _sol), (m, j, s)):
        sent = await say(m, room, "안녕하세요 👋")
        for raw in (m, j, s):
            event = await raw.hears("message")
            assert event["text"] == "안녕하세요 👋"
            assert event["sender"] == mina.id
            assert {name: event[name] for name in ("seq", "mseq", "at")} == sent


async def test_what_is_not_open_is_not_heard(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room, other = shared_world.room(mina, jun), shared_world.room(mina, jun)
    async with visit(pair[0], mina, room, other) as m, visit(pair[1], jun, other) as j:
        await say(m, room, "not here")
        await say(m, other, "here")
        assert (await j.hears("message"))["text"] == "here"
        assert await j.heard_so_far("message") == []


async def test_a_closed_room_is_heard_no_more_and_can_be_opened_again(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[0], jun, room) as j:
        assert await j.ok("room.close", room=room) == {}
        await say(m, room, "unheard")
        await m.hears("message", text="unheard")
        assert await j.heard_so_far("message") == []
        opened = await j.ok("room.open", room=room)
        assert opened["position"]["seq"] == 1
        await say(m, room, "heard")
        assert (await j.hears("message"))["seq"] == 2


async def test_closing_what_is_not_open_is_done_already(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    async with visit(pair[0], mina) as raw:
        assert await raw.ok("room.close", room=uuid7()) == {}


async def test_opening_twice_is_opening_once(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room, room) as raw:
        await say(raw, room, "once")
        await raw.hears("message")
        assert await raw.heard_so_far("message") == []


async def test_a_member_may_speak_without_listening(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina) as m, visit(pair[1], jun, room) as j:
        await say(m, room, "from afar")
        assert (await j.hears("message"))["text"] == "from afar"


async def test_only_members_come_in(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina)
    async with visit(pair[0], jun) as raw:
        for where in (room, uuid7()):
            assert (await raw.refused("room.open", room=where))["code"] == "not_a_member"
            assert (await raw.refused("history.page", room=where))["code"] == "not_a_member"
            assert (await raw.refused("message.send", **saying(where, "hm")))["code"] == "not_a_member"


async def test_two_devices_of_one_person_both_hear(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as phone, visit(pair[1], mina, room) as desk:
        await say(phone, room, "to myself")
        assert await phone.hears("message") == await desk.hears("message")


async def test_who_opens_is_told_who_is_online_and_then_who_comes(shared_world: World, pair: Pair) -> None:
    mina, jun, sol = shared_world.people(3)
    room = shared_world.room(mina, jun, sol)
    async with visit(pair[1], jun), visit(pair[0], mina) as m:
        opened = await m.ok("room.open", room=room)
        assert {each["user"] for each in opened["participants"]} == {mina.id, jun.id}
        async with visit(pair[1], sol):
            news = await m.hears("presence", user=sol.id)
            assert news["state"] == "online"
