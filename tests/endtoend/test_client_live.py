"""The client keeps its place in a call, and knows the timer, over whatever happens to its connection."""

from __future__ import annotations

from collections.abc import Callable

import trio

from chatd.client import Client
from common import protocol
from tests.support.rawsocket import PATIENCE
from tests.support.world import Replica, World, client_of

Pair = tuple[Replica, Replica]


async def becomes(condition: Callable[[], object]) -> None:
    with trio.fail_after(PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for is told to nobody
            await trio.sleep(0.02)


async def news_of(client: Client, kind: type[protocol.Push]) -> protocol.Push:
    with trio.fail_after(PATIENCE):
        async for news in client.pushes():
            if isinstance(news, kind):
                return news
    raise AssertionError("it ended")


async def test_two_clients_share_a_timer_and_a_call(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, jun)
    async with client_of(mina, pair[0]) as one, client_of(jun, pair[1]) as other:
        m, j = await one.open_room(room), await other.open_room(room)
        assert j.timer is not None
        assert j.timer.phase == "none"
        started = await m.start_timer(60_000)
        await becomes(lambda: j.timer and j.timer.ends_at == started.at + 60_000)
        await j.pause_timer()
        await m.resume_timer()
        await becomes(lambda: j.timer and j.timer.phase == "running")
        await j.reset_timer()
        await becomes(lambda: m.timer and m.timer.phase == "none")
        here, there = await m.join_call(mic=True), await j.join_call()
        await becomes(lambda: m.call and [each.peer for each in m.call.peers] == [here.peer, there.peer])
        await j.switch(mic=True, camera=True)
        await becomes(lambda: m.call and m.call.peers[1].camera)
        await m.signal(there.peer, protocol.SignalOffer(sdp="v=0"))
        told = await news_of(other, protocol.CallSignal)
        assert isinstance(told, protocol.CallSignal)
        assert (told.from_peer, told.data) == (here.peer, protocol.SignalOffer(sdp="v=0"))
        await j.emote("love")
        shown = await news_of(one, protocol.Emote)
        assert isinstance(shown, protocol.Emote)
        assert shown.emoji == "😍"
        await j.leave_call()
        await becomes(lambda: m.call and len(m.call.peers) == 1)


async def test_a_client_stays_in_its_call_when_its_replica_dies(world: World) -> None:
    mina, jun = world.people(2)
    room = world.room(mina, jun)
    a, b, c = world.replicas(3, CHATD_HEARTBEAT_SECONDS="2", CHATD_CALL_LEASE_SECONDS="4")
    async with client_of(jun, b) as other, client_of(mina, a, c) as one:
        m, j = await one.open_room(room), await other.open_room(room)
        here = await m.join_call(mic=True)
        assert one.welcome is not None
        there = await j.join_call()
        await becomes(lambda: j.call and len(j.call.peers) == 2)
        before_that = one.welcome.connection
        (a if a.metric("madang_chatd_connections") else c).kill()
        await becomes(lambda: one.welcome and one.welcome.connection != before_that)
        before = j.call
        await trio.sleep(7)  # longer than a lease, in which nobody is to be lost
        assert j.call == before
        await j.signal(here.peer, protocol.SignalOffer(sdp="v=0"))
        await news_of(one, protocol.CallSignal)
        await m.signal(there.peer, protocol.SignalAnswer(sdp="v=0"))
