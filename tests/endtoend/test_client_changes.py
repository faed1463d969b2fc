"""The client library changes what was said, and knows what a message has become."""

from __future__ import annotations

import pytest
import trio

from chatd.client.errors import CommandFailed
from chatd.client.saying import Saying, sayings
from common import protocol
from tests.support.rawsocket import PATIENCE
from tests.support.world import Replica, World, client_of


async def test_what_a_client_heard_is_what_a_page_says(
    shared_world: World, pair: tuple[Replica, Replica]
) -> None:
    mina, jun = shared_world.people(2)
    room_id = shared_world.room(mina, jun)
    with trio.fail_after(PATIENCE):
        async with client_of(mina, pair[0]) as at_a, client_of(jun, pair[1]) as at_b:
            hers, his = await at_a.open_room(room_id), await at_b.open_room(room_id)
            asked = await hers.send("점심?")
            other = await hers.send("a secret")
            await his.send("네", reply_to=asked.seq, mentions=[mina.id])
            await his.react(asked.seq, "👍")
            await hers.react(asked.seq, "👍")
            await his.react(asked.seq, "❤️")
            await his.unreact(asked.seq, "❤️")
            await hers.edit(asked.seq, "저녁?")
            await hers.pin(asked.seq)
            last = await hers.delete(other.seq)
            heard: dict[int, Saying] = {}
            async for event in his.events():
                assert not isinstance(event, protocol.Reset)
                for saying in heard.values():
                    saying.apply(event)
                if isinstance(event, protocol.Message):
                    heard[event.seq] = Saying(event)
                if event.seq == last.seq:
                    break
            for saying in sayings(await his.history(), jun.id):
                assert vars(heard[saying.seq]).keys() == vars(saying).keys()
                assert _shown(heard[saying.seq]) == _shown(saying)
            assert _shown(heard[asked.seq]) == ("저녁?", True, False, True, {"👍": 2}, 1)
            assert _shown(heard[other.seq]) == ("", False, True, False, {}, 0)
            assert [event.seq for event in (await his.pins()).events] == [asked.seq]
            assert len((await hers.thread(asked.seq)).events) == 2
            assert len((await hers.edits(asked.seq)).events) == 2
            with pytest.raises(CommandFailed) as refused:
                await his.edit(asked.seq, "not mine")
            assert refused.value.code == "forbidden"


def _shown(saying: Saying) -> tuple[object, ...]:
    return (
        saying.text, saying.edited, saying.deleted, saying.pinned, saying.reactions(), saying.replies,
    )  # fmt: skip
