"""Whom one has blocked: in a room of two neither writes; in a room of many, one is neither called by them nor watched."""

from __future__ import annotations

import asyncpg

from common import protocol
from common.answers import COMMANDS
from common.ids import uuid7
from tests.support.promptly import within
from tests.support.relations import block, relate, unblock
from tests.support.visit import granted_once, refusal_of, say, saying, visit
from tests.support.world import Person, Replica, World

Pair = tuple[Replica, Replica]
_DIRECT = """
    WITH room AS (
        INSERT INTO rooms (id, kind, title, capacity, visibility, history, pair_low, pair_high, member_count)
        VALUES ($1, 'direct', '', 2, 'private', 'joined', $2, $3, 2)
    )
    INSERT INTO members (room_id, user_id, role) VALUES ($1, $2, 'member'), ($1, $3, 'member')
"""
# What others would see or hear, and what else it takes.
SPEAKING: dict[type[protocol.Command], dict[str, object]] = {
    protocol.MessageSend: {"client_id": uuid7(), "text": "hey"},
    protocol.TypingSet: {"on": True},
    protocol.EmoteShow: {"emoji": "happy"},
}


def direct(world: World, one: Person, other: Person) -> str:
    """A room of two."""
    room = uuid7()

    async def make(connection: asyncpg.Connection) -> None:
        await connection.execute(_DIRECT, room, *sorted((one.id, other.id)))

    world.sql(make)
    return room


# --- rooms of two -----------------------------------------------------------------------------------------------------


async def test_who_is_blocked_cannot_write_to_the_other_within_a_second_on_any_replica_and_is_not_told_more(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = direct(shared_world, mina, jun)
    async with (
        visit(pair[0], mina, room) as m,
        visit(pair[1], jun, room) as j,
        visit(pair[0], jun, room) as phone,
    ):
        for raw in (j, phone):
            await say(raw, room, "before")
        block(shared_world, mina, jun, room=room)
        with within(1):
            errors = [await refusal_of(raw, room) for raw in (j, phone)]
        assert [error["code"] for error in errors] == ["blocked", "blocked"]
        assert all(mina.nickname not in error["message"] for error in errors)
        assert (await m.refused("message.send", **saying(room, "and I")))["code"] == "blocked_by_me"
        assert (await m.hears("personal.relation"))["change"] == "added"
        assert await j.heard_so_far("personal.relation") == []
        unblock(shared_world, mina, jun, room=room)
        with within(1):
            await granted_once(j, "message.send", **saying(room, "again"))
        await m.hears("message", text="again")


async def test_a_block_is_of_direct_rooms_alone(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room, yard = direct(shared_world, mina, jun), shared_world.room(mina, jun)
    block(shared_world, mina, jun, room=room)
    async with visit(pair[0], mina, yard) as m, visit(pair[1], jun) as j:
        assert (await refusal_of(j, room))["code"] == "blocked"
        for command, fields in SPEAKING.items():
            error = await j.refused(str(command.__struct_config__.tag), room=room, **fields)
            assert error["code"] == "blocked"
            assert "blocked" in COMMANDS[command].codes, "as the document of the socket says"
        await say(j, yard, "in the yard")
        await m.hears("message", text="in the yard")


# --- rooms of many ----------------------------------------------------------------------------------------------------


async def test_across_a_block_nobody_is_seen_to_type_to_read_or_to_show_an_emoticon(
    shared_world: World, pair: Pair
) -> None:
    """As nobody is seen to be here; whoever blocked whom, and from the moment of it."""
    mina, jun, sol = shared_world.people(3)
    room = shared_world.room(mina, jun, sol)
    async with (
        visit(pair[0], mina, room) as m,
        visit(pair[1], jun, room) as j,
        visit(pair[0], sol, room) as there,
        visit(pair[1], sol, room) as here,
    ):
        await j.ok("typing", room=room, on=True)
        await m.hears("typing", user=jun.id, on=True)
        block(shared_world, mina, jun)
        for raw, other in ((m, jun), (j, mina)):
            await raw.hears("presence", user=other.id, state="offline")  # both replicas know
        await j.ok("typing", room=room, on=False)
        await m.ok("typing", room=room, on=True)
        await here.hears("typing", user=jun.id, on=False)
        await here.hears("typing", user=mina.id)
        await say(here, room, "to be read")
        for raw, other in ((m, mina), (j, jun)):
            await raw.hears("message")
            await raw.ok("read.mark", room=room, mseq=1)
            await raw.ok("emote", room=room, emoji="happy")
            await raw.hears("emote", user=other.id)
        for other in (mina, jun):
            await here.hears("read", user=other.id)
            await here.hears("emote", user=other.id)
        for raw in (here, there):  # what a replica tells comes in its order
            await raw.ok("typing", room=room, on=True)
        for raw in (m, j):
            for _ in (here, there):
                assert (await raw.hears("typing"))["user"] == sol.id
            for kind in ("read", "emote"):
                assert await raw.heard_so_far(kind) == []


async def test_by_whom_one_has_blocked_one_is_not_called_and_others_are(
    shared_world: World, pair: Pair
) -> None:
    mina, jun, sol = shared_world.people(3)
    room = shared_world.room(jun, mina, sol)
    relate(shared_world, mina, jun, "blocked")
    async with (
        visit(pair[0], mina) as m,
        visit(pair[1], mina) as desk,
        visit(pair[0], sol) as s,
        visit(pair[1], jun, room) as j,
    ):
        await j.ok("message.send", **saying(room, "@mina @sol"), mentions=[mina.id, sol.id])
        await j.ok("message.send", **saying(room, "@all"), mention_all=True)
        for mseq in (1, 2):
            assert (await s.hears("personal.mention"))["mseq"] == mseq
        await s.ok("message.send", **saying(room, "@mina @jun"), mentions=[mina.id, jun.id])
        for device in (m, desk):
            called = await device.hears("personal.mention")  # of three that came in their order
            assert (called["by"], called["mseq"]) == (sol.id, 3)


async def test_who_has_blocked_somebody_calls_them_as_ever(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    relate(shared_world, mina, jun, "blocked")
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        await m.ok("message.send", **saying(room, "@jun"), mentions=[jun.id])
        assert (await j.hears("personal.mention"))["by"] == mina.id


async def test_what_whom_one_has_blocked_says_is_unread_as_any_line_and_no_mention(
    shared_world: World, pair: Pair
) -> None:
    mina, jun, sol = shared_world.people(3)
    room = shared_world.room(jun, mina, sol)
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j, visit(pair[1], sol) as s:
        await say(j, room, "hello")
        await j.ok("message.send", **saying(room, "@mina"), mentions=[mina.id])
        await j.ok("message.send", **saying(room, "@all"), mention_all=True)
        await s.ok("message.send", **saying(room, "@mina"), mentions=[mina.id])
        relate(shared_world, mina, jun, "blocked")
        await m.ok("read.mark", room=room, mseq=1)
        told = await m.hears("personal.read", mseq=1)
        assert (told["unread"], told["mentions"]) == (3, 1)
