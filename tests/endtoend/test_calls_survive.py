"""Calls over what goes wrong: replicas, clients and Redis come and go, and people stay in their call, or are out of it in time."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import trio

from common import limits
from tests.endtoend.calling import joins, new_peer, offer, opens, peers
from tests.support.promptly import timed
from tests.support.rawsocket import PATIENCE, PING, Raw, frame
from tests.support.redis import open_client
from tests.support.visit import visit
from tests.support.world import World

HEARTBEAT, LEASE, CALM = 2.0, 4.0, 1.0
QUICK = {
    "CHATD_HEARTBEAT_SECONDS": str(HEARTBEAT),
    "CHATD_CALL_LEASE_SECONDS": str(LEASE),
    "CHATD_CALL_CALM_SECONDS": str(CALM),
}


@asynccontextmanager
async def awake(*raws: Raw) -> AsyncIterator[None]:
    """These say something now and then, as clients that live do, whatever the test waits for meanwhile."""

    async def stay_awake(raw: Raw) -> None:
        with suppress(OSError):
            while True:
                await raw.stream.socket.send(frame(b"", PING))
                await trio.sleep(0.3)

    async with trio.open_nursery() as nursery:
        for raw in raws:
            nursery.start_soon(stay_awake, raw)
        yield
        nursery.cancel_scope.cancel()


async def until_call(raw: Raw, room: str, expected: set[str]) -> None:
    """Return once the call has these peers."""
    with trio.fail_after(PATIENCE):
        while set(peers(await raw.ok("call.state", room=room))) != expected:  # noqa: ASYNC110 - in another process
            await trio.sleep(0.1)


async def test_a_call_survives_the_death_of_a_replica_and_nobody_hears_of_it(world: World) -> None:
    mina, jun = world.people(2)
    room = world.room(mina, jun)
    a, b = world.replicas(2, **QUICK)
    peer = new_peer()
    async with visit(b, jun, room) as j, awake(j):
        other = (await joins(j, room, camera=True))["peer"]
        async with visit(a, mina, room) as m:
            before = await joins(m, room, peer, mic=True)
            await j.hears("call.joined", peer=peer)
            a.kill()
        async with visit(b, mina, room) as m:
            await j.heard_so_far("call.joined")
            again = await joins(m, room, peer, mic=True)
            assert again["call"] == before["call"]
            async with awake(m):
                await trio.sleep(LEASE + 3)  # nothing is to happen meanwhile
            await j.ok("call.signal", **offer(peer, room))
            assert (await m.hears("call.signal"))["from_peer"] == other
            for kind in ("call.left", "call.joined", "call.media"):
                assert await j.heard_so_far(kind) == []


async def test_the_people_of_a_dead_replica_who_do_not_come_back_are_out_once(world: World) -> None:
    mina, jun, sol = world.people(3)
    room = world.room(mina, jun, sol)
    a, b, c = world.replicas(3, **QUICK)
    async with visit(b, jun, room) as j, visit(c, sol, room) as s, awake(j, s), visit(a, mina, room) as m:
        await joins(j, room)
        peer = (await joins(m, room))["peer"]
        a.kill()
        gone = await j.hears("call.left")
        assert (gone["peer"], gone["why"]) == (peer, "lost")
        await s.hears("call.left")
        await trio.sleep(LEASE / 2)  # for whoever would say it again
        assert await j.heard_so_far("call.left") == []


async def test_a_client_that_froze_is_out_in_time_and_one_that_only_listens_is_not(world: World) -> None:
    """With a heartbeat of 20 s and a lease of 30 s that is 45 s at most, as with these it is in proportion."""
    assert limits.CALL_LEASE * 1.5 <= 45
    assert limits.CALL_LEASE >= 1.5 * limits.HEARTBEAT
    mina, jun = world.people(2)
    room = world.room(mina, jun)
    a, b = world.replicas(2, **QUICK)
    async with visit(a, mina, room) as frozen, visit(b, jun, room) as j, awake(j):
        with timed() as taken:
            peer = (await joins(frozen, room))["peer"]
            await joins(j, room)
            gone = await j.hears("call.left")
        assert (gone["peer"], gone["why"], gone["count"]) == (peer, "lost", 1)
        assert taken.seconds >= LEASE - 1
        assert taken.own <= LEASE * 1.5 + 5  # the last of which is a busy machine's


async def test_one_whose_connection_ended_stays_for_a_little_while(world: World) -> None:
    mina, jun = world.people(2)
    room = world.room(mina, jun)
    a, b = world.replicas(2, **QUICK | {"CHATD_CALL_LEASE_SECONDS": "8", "CHATD_CALL_CALM_SECONDS": "3"})
    async with visit(b, jun, room) as j, awake(j):
        await joins(j, room)
        async with visit(a, mina, room) as m:
            peer = (await joins(m, room))["peer"]
        async with visit(b, mina) as late:
            assert peer in peers(await opens(late, room))
        assert (await j.hears("call.left"))["why"] == "lost"


async def test_a_call_stands_again_when_redis_forgot_it(world: World) -> None:
    mina, jun = world.people(2)
    room = world.room(mina, jun)
    a, b = world.replicas(2)
    async with visit(a, mina, room) as m, visit(b, jun, room) as j:
        joined = [await joins(raw, room, mic=True) for raw in (m, j)]
        both = {each["peer"] for each in joined}
        before = joined[-1]["call"]["version"]
        with open_client(world.redis_url) as client:
            client.flushdb()
        for raw in (m, j):
            with trio.fail_after(PATIENCE):
                while (await raw.ok("call.state", room=room))["version"] <= before:  # noqa: ASYNC110
                    await trio.sleep(0.1)
            await until_call(raw, room, both)
            now = await raw.ok("call.state", room=room)
            assert {each["mic"] for each in now["peers"]} == {True}
            assert await raw.heard_so_far("call.ended") == []
        await m.ok("call.signal", **offer(joined[1]["peer"], room))
        await j.hears("call.signal")


async def test_who_stood_still_for_too_long_is_told_to_join_again(world: World) -> None:
    mina, jun = world.people(2)
    room = world.room(mina, jun)
    a, b = world.replicas(2, **QUICK)
    async with visit(a, mina, room) as m, visit(b, jun, room) as j, awake(m, j):
        peer = (await joins(m, room))["peer"]
        await joins(j, room)
        os.kill(a.pid, signal.SIGSTOP)
        assert (await j.hears("call.left"))["peer"] == peer
        os.kill(a.pid, signal.SIGCONT)
        ended = await m.hears("call.ended")
        assert (ended["peer"], ended["why"]) == (peer, "lost")
        await joins(m, room, peer)
        assert (await j.hears("call.joined", peer=peer, count=2))["user"] == mina.id


async def test_who_takes_a_peer_over_is_told_from_there_on_and_the_other_is_told_that(world: World) -> None:
    mina, jun = world.people(2)
    room = world.room(mina, jun)
    a, b = world.replicas(2, **QUICK)
    async with visit(a, mina, room) as old, visit(b, mina, room) as new, awake(old, new):
        peer = (await joins(old, room))["peer"]
        await joins(new, room, peer)
        ended = await old.hears("call.ended")
        assert (ended["peer"], ended["why"]) == (peer, "elsewhere")
        assert (await old.refused("call.media", room=room, mic=True, camera=True))["code"] == "not_in_call"
        await new.ok("call.media", room=room, mic=True, camera=True)
