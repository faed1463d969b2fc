"""What people put on a message and take off it: reactions and pins, over two replicas."""

from __future__ import annotations

import trio

from common.ids import uuid7
from tests.endtoend.changing import Pair, at_once, change, do, make_moderator, refused, state, types
from tests.support.rawsocket import Raw
from tests.support.visit import granted_once, say, saying, visit
from tests.support.world import Replica, World

# --- reactions --------------------------------------------------------------------------------------------------------


async def test_a_reaction_comes_and_goes_and_is_told_to_all(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        await say(m, room)
        await do(j, "reaction.add", room, 1, emoji="❤️")
        await do(m, "reaction.add", room, 1, emoji="❤️")
        heard = await m.hears("reaction")
        assert (heard["of"], heard["emoji"], heard["change"], heard["user"]) == (1, "❤️", "added", jun.id)
        await m.hears("reaction", change="added", user=mina.id)
        assert (await state(m, room, 1))["reactions"] == [
            {"emoji": "❤️", "count": 2, "users": [jun.id, mina.id], "mine": True}
        ]
        await do(m, "reaction.remove", room, 1, emoji="❤️")
        await m.hears("reaction", change="removed", user=mina.id)
        assert (await state(m, room, 1))["reactions"] == [{"emoji": "❤️", "count": 1, "users": [jun.id]}]
        await do(j, "reaction.remove", room, 1, emoji="❤️")
        await m.hears("reaction", change="removed", user=jun.id)
        assert await state(m, room, 1) == {}


async def test_a_reaction_that_is_there_is_answered_with_its_place_and_makes_no_event(
    shared_world: World, pair: Pair
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as here, visit(pair[1], mina) as there:
        await say(here, room)
        first = await do(here, "reaction.add", room, 1)
        assert await do(here, "reaction.add", room, 1) == first
        assert await do(there, "reaction.add", room, 1) == first
        gone = await do(there, "reaction.remove", room, 1)
        assert await do(here, "reaction.remove", room, 1) == gone
        assert await types(here, room) == ["message", "reaction", "reaction"]
        assert await refused(here, "reaction.remove", room, 1, emoji="❤️") == "not_found"


async def test_the_same_reaction_many_times_at_once_is_one_event(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as one, visit(pair[0], mina) as other:
        await say(one, room)
        places = []

        async def react(raw: Raw) -> None:
            replies = await at_once(raw, "reaction.add", *(change(room, 1, emoji="👍") for _ in range(5)))
            places.extend(reply["ok"] for reply in replies)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(react, one)
            nursery.start_soon(react, other)
        assert len(places) == 10
        assert all(place == places[0] for place in places)
        assert await types(one, room) == ["message", "reaction"]


async def test_a_message_has_a_bounded_number_of_emoji_however_many_replicas_add_them_at_once(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        await say(m, room)
        granted: list[str] = []
        codes: list[str] = []

        async def react(raw: Raw, first: int) -> None:
            emoji = [chr(first + number) for number in range(12)]
            replies = await at_once(raw, "reaction.add", *(change(room, 1, emoji=each) for each in emoji))
            granted.extend(each for each, reply in zip(emoji, replies, strict=True) if "ok" in reply)
            codes.extend(reply["error"]["code"] for reply in replies if "error" in reply)

        async with trio.open_nursery() as nursery:
            nursery.start_soon(react, m, 0x1F600)
            nursery.start_soon(react, j, 0x1F620)
        assert (len(granted), codes) == (20, ["too_many_reactions"] * 4)
        await do(j, "reaction.add", room, 1, emoji=granted[0])
        assert len((await state(m, room, 1))["reactions"]) == 20


# --- pins -------------------------------------------------------------------------------------------------------------


async def test_moderators_pin_and_unpin_for_all_to_see(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        await say(j, room)
        assert await refused(j, "pin.add", room, 1) == "forbidden"
        pinned = await do(m, "pin.add", room, 1)
        assert await do(m, "pin.add", room, 1) == pinned
        heard = await j.hears("pin")
        assert (heard["of"], heard["change"], heard["by"]) == (1, "pinned", mina.id)
        assert await state(j, room, 1) == {
            "pinned": {"seq": pinned["seq"], "at": pinned["at"], "by": mina.id}
        }
        assert await refused(j, "pin.remove", room, 1) == "forbidden"
        await do(m, "pin.remove", room, 1)
        await j.hears("pin", change="unpinned")
        assert await state(j, room, 1) == {}
        assert await types(j, room) == ["message", "pin", "pin"]


async def test_a_role_that_changes_counts_at_once(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[1], jun) as j:
        await say(j, room)
        assert await refused(j, "pin.add", room, 1) == "forbidden"
        make_moderator(shared_world, jun, room)
        await granted_once(j, "pin.add", room=room, of=1, client_id=uuid7())


async def test_a_room_holds_a_bounded_number_of_pins_however_many_replicas_add_them_at_once(
    shared_world: World, pair: Pair, unlimited: Replica
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    outcomes: list[str] = []

    async def pin(raw: Raw, seqs: range) -> None:
        replies = await at_once(raw, "pin.add", *(change(room, seq) for seq in seqs))
        outcomes.extend("ok" if "ok" in reply else reply["error"]["code"] for reply in replies)

    async with visit(pair[0], mina) as here, visit(pair[1], mina) as there, visit(unlimited, mina) as talker:
        await at_once(talker, "message.send", *(saying(room, "well") for _ in range(52)))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(pin, here, range(1, 27))
            nursery.start_soon(pin, there, range(27, 53))
        assert sorted(outcomes) == ["ok"] * 50 + ["too_many_pins"] * 2
        assert len((await here.ok("history.pins", room=room))["events"]) == 50
