"""Two people, two replicas, every store real."""

from __future__ import annotations

import trio

from common import protocol
from tests.support.rawsocket import PATIENCE
from tests.support.world import World, client_of


async def test_what_one_says_the_other_hears_on_another_replica(world: World) -> None:
    mina, jun = world.people(2)
    room_id = world.room(mina, jun)
    a, b = world.replicas(2)
    with trio.fail_after(PATIENCE):
        async with client_of(mina, a) as at_a, client_of(jun, b) as at_b:
            heard = await at_b.open_room(room_id)
            said = await at_a.open_room(room_id)
            sent = await said.send("안녕하세요 👋")
            event = await heard.next_event()
    assert isinstance(event, protocol.Message)
    assert (event.seq, event.mseq, event.text, event.sender) == (sent.seq, 1, "안녕하세요 👋", mina.id)
    assert event.at == sent.at
