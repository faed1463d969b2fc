"""Calls: who is in them, what they tell each other, and who may not; over two replicas."""

from __future__ import annotations

from typing import Any

import asyncpg

from common import feed
from common.ids import uuid7
from tests.endtoend.calling import joins, new_peer, offer, opens, peers
from tests.support.feed import kick, leave, mute, publish
from tests.support.rawsocket import Raw
from tests.support.visit import meeting, refusal_once, visit
from tests.support.world import Person, Replica, World

Pair = tuple[Replica, Replica]


async def refused(raw: Raw, command: str, **more: Any) -> str:
    code: str = (await raw.refused(command, **more))["code"]
    return code


async def test_whoever_has_the_room_open_hears_who_comes_switches_and_goes(
    shared_world: World, pair: Pair
) -> None:
    async with (
        meeting(shared_world, pair, 3) as (room, (mina, jun, sol), (m, j, s)),
        visit(pair[0], sol) as closed,
    ):
        first = await joins(m, room, mic=True)
        assert first["ice_servers"] == []
        assert peers(first["call"]) == [first["peer"]]
        came = await s.hears("call.joined")
        assert came == {
            "type": "call.joined", "room": room, "version": first["call"]["version"], "count": 1,
            "at": first["call"]["peers"][0]["joined_at"], "peer": first["peer"], "user": mina.id, "mic": True,
            "camera": False,
        }  # fmt: skip
        second = await joins(j, room, camera=True)
        assert peers(second["call"]) == [first["peer"], second["peer"]]
        assert (await m.hears("call.joined", peer=second["peer"]))["version"] == came["version"] + 1
        await j.ok("call.media", room=room, mic=True, camera=False)
        switched = await m.hears("call.media")
        assert (switched["peer"], switched["mic"], switched["camera"]) == (second["peer"], True, False)
        assert switched["version"] == came["version"] + 2
        async with visit(pair[0], sol) as late:
            call = await opens(late, room)
            assert call == await late.ok("call.state", room=room)
            assert call["version"] == switched["version"]
            assert call["peers"][1] == {
                "peer": second["peer"], "user": jun.id, "mic": True, "camera": False,
                "joined_at": second["call"]["peers"][1]["joined_at"],
            }  # fmt: skip
        await j.ok("call.leave", room=room)
        gone = await m.hears("call.left")
        assert (gone["peer"], gone["user"], gone["why"], gone["count"]) == (second["peer"], jun.id, "left", 1)
        await j.ok("call.leave", room=room)
        await m.ok("room.close", room=room)  # which leaves the call, too
        assert (await s.hears("call.left", peer=first["peer"]))["count"] == 0
        for kind in ("call.joined", "call.left", "call.media"):
            assert await closed.heard_so_far(kind) == []


async def test_peers_tell_each_other_things_in_order_and_nobody_else_hears(
    shared_world: World, pair: Pair
) -> None:
    async with (
        meeting(shared_world, pair, 3) as (room, (mina, jun, _sol), (m, j, s)),
        visit(pair[1], jun, room) as other_device,
    ):
        a, b, c = [(await joins(raw, room))["peer"] for raw in (m, j, s)]
        told = [{"kind": "offer", "sdp": "v=0 나"}, {"kind": "answer", "sdp": "v=1"}]
        told += [
            {"kind": "candidate", "candidate": f"candidate:{n}", "sdp_mid": "0", "sdp_line": n}
            for n in range(20)
        ]
        told.append({"kind": "candidate", "candidate": ""})
        await m.say(*({"type": "call.signal", "room": room, "to": b, "data": data} for data in told))
        for data in told:
            assert await j.hears("call.signal") == {
                "type": "call.signal", "room": room, "peer": b, "from_peer": a, "user": mina.id, "data": data,
            }  # fmt: skip
        await s.ok("call.signal", **offer(a, room, "x" * 16_000))
        assert (await m.hears("call.signal"))["from_peer"] == c
        assert await refused(m, "call.signal", **offer(b, room, "한" * 16_000)) == "invalid"
        assert await refused(m, "call.signal", **offer(b, room, "x" * 17_000)) == "invalid"
        for raw in (other_device, s, j):
            assert await raw.heard_so_far("call.signal") == []
        assert await refused(m, "call.signal", **offer(uuid7(), room)) == "peer_gone"
        assert await refused(m, "call.signal", **offer(a, room)) == "peer_gone"
        assert await refused(other_device, "call.signal", **offer(a, room)) == "not_in_call"
        await j.ok("call.leave", room=room)
        assert await refused(m, "call.signal", **offer(b, room)) == "peer_gone"
        assert await refused(j, "call.signal", **offer(a, room)) == "not_in_call"
        assert await refused(j, "call.media", room=room, mic=True, camera=True) == "not_in_call"


async def test_a_peer_is_taken_up_again_over_another_replica_and_nobody_hears(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    peer = new_peer()
    async with visit(pair[0], jun, room) as j:
        await joins(j, room)
        async with visit(pair[0], mina, room) as m:
            before = await joins(m, room, peer, mic=True)
            assert before["peer"] == peer
            await j.hears("call.joined", peer=peer)
        async with visit(pair[1], mina, room) as m:
            assert await joins(m, room, peer, mic=True) == before | {"call": before["call"]}
            assert (await joins(m, room, mic=True))["peer"] == peer
            assert (await refused(j, "call.join", room=room, peer=peer)) == "peer_taken"
            await j.ok("call.signal", **offer(peer, room))
            assert (await m.hears("call.signal"))["peer"] == peer
            await m.ok("call.media", room=room, mic=False, camera=False)
            switched = await j.hears("call.media")
            assert switched["version"] == before["call"]["version"] + 1
            assert await j.heard_so_far("call.left") == []


async def test_one_who_is_only_away_cannot_be_told_anything_for_the_moment(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with visit(pair[0], jun, room) as j:
        await joins(j, room)
        async with visit(pair[1], mina, room) as m:
            peer = (await joins(m, room))["peer"]
        error = await refusal_once(j, "call.signal", **offer(peer, room))
        assert (error["code"], error["temporary"]) == ("peer_away", True)


async def test_a_full_call_is_refused_whoever_comes_but_not_to_who_is_in(
    shared_world: World, pair: Pair
) -> None:
    people = shared_world.people(5)
    room = shared_world.room(*people)
    async with (
        visit(pair[0], people[0], room) as a,
        visit(pair[1], people[1], room) as b,
        visit(pair[0], people[1], room) as b_again,
        visit(pair[1], people[2], room) as c,
        visit(pair[1], people[3], room) as d,
    ):
        for raw in (a, b, b_again, c):
            last = await joins(raw, room)
        assert len(last["call"]["peers"]) == 4
        assert await refused(d, "call.join", room=room) == "call_full"
        assert (await joins(c, room, last["peer"]))["call"] == last["call"]
        await b_again.ok("call.leave", room=room)
        await joins(d, room)


async def test_who_may_not(shared_world: World, pair: Pair) -> None:
    async with (
        meeting(shared_world, pair, strangers=1) as (room, (_mina, jun, sol), (m, j)),
        visit(pair[0], sol) as s,
        visit(pair[0], jun) as closed,
    ):
        assert await refused(s, "call.join", room=room) == "not_a_member"
        assert await refused(s, "call.state", room=room) == "room_not_open"
        assert await refused(closed, "call.join", room=room) == "room_not_open"
        for wrong in ("yard", "", 7, "a b", uuid7() + "\n"):
            assert await refused(m, "call.join", room=room, peer=wrong) == "invalid"
        for data in (
            {},
            {"kind": "offer"},
            {"kind": "shout", "sdp": "x"},
            {"kind": "answer", "sdp": ""},
            "x",
        ):
            assert await refused(m, "call.signal", room=room, to=uuid7(), data=data) == "invalid"
        await joins(m, room)
        peer = (await joins(j, room, mic=True, camera=True))["peer"]
        mute(shared_world, jun, room, 100)
        publish(
            shared_world,
            feed.MemberChanged(room=room, user=jun.id, name=jun.nickname, change="muted", until=1),
        )
        off = await m.hears("call.media", peer=peer)
        assert (off["mic"], off["camera"]) == (False, False)
        error = await refusal_once(j, "call.media", room=room, mic=True, camera=False)
        assert error["code"] == "muted"  # once his own replica has heard of it, too
        assert await refused(j, "call.join", room=room, mic=False, camera=True) == "muted"
        await j.ok("call.media", room=room, mic=False, camera=False)
        await joins(j, room, peer)


async def test_who_leaves_or_is_thrown_out_of_the_room_is_out_of_its_call(
    shared_world: World, pair: Pair
) -> None:
    async with meeting(shared_world, pair, 3) as (room, (mina, jun, sol), (m, j, s)):
        await joins(m, room)
        peer, other = (await joins(j, room))["peer"], (await joins(s, room))["peer"]
        kick(shared_world, jun, room, by=mina)
        assert (await m.hears("call.left"))["peer"] == peer
        leave(shared_world, sol, room)
        assert (await m.hears("call.left"))["peer"] == other
        await j.hears("closed", room=room)
        assert await refused(j, "call.join", room=room) == "not_a_member"


async def test_a_block_ends_the_call_of_two_and_refuses_another(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    shared_world.sql(_make_direct, room, mina, jun)
    async with visit(pair[0], mina, room) as m, visit(pair[1], jun, room) as j:
        await joins(m, room)
        await joins(j, room)
        shared_world.sql(_block, mina, jun)
        publish(
            shared_world,
            feed.RelationChanged(user=mina.id, other=jun.id, kind="blocked", change="added", room=room),
        )
        for raw in (m, j):
            assert (await raw.hears("call.ended"))["why"] == "expelled"
            while (await raw.hears("call.left"))["count"]:
                pass
        for raw, code in ((m, "blocked_by_me"), (j, "blocked")):
            assert (await refusal_once(raw, "call.join", room=room))["code"] == code


async def _make_direct(connection: asyncpg.Connection, room: str, one: Person, other: Person) -> None:
    low, high = sorted((one.id, other.id))
    await connection.execute(
        "UPDATE rooms SET kind = 'direct', title = '', pair_low = $2, pair_high = $3, visibility = 'private' WHERE id = $1",
        room,
        low,
        high,
    )


async def _block(connection: asyncpg.Connection, one: Person, other: Person) -> None:
    await connection.execute(
        "INSERT INTO relations (user_id, other_id, kind) VALUES ($1, $2, 'blocked')", one.id, other.id
    )
