"""Pages of the past: whole, in order, no further back than this reader may see."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.feed import join
from tests.support.rawsocket import Raw
from tests.support.visit import say, say_many, visit
from tests.support.world import Replica, World

Pair = tuple[Replica, Replica]


async def page(raw: Raw, room: str, **where: Any) -> tuple[list[int], bool]:
    """The seqs on a page, and whether there are more."""
    found = await raw.ok("history.page", room=room, **where)
    return [event["seq"] for event in found["events"]], found["more"]


async def test_pages_backward_and_forward(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw:
        await say_many(raw, room, 10)
    async with visit(pair[1], mina) as raw:
        assert await page(raw, room) == (list(range(1, 11)), False)
        assert await page(raw, room, limit=3) == ([8, 9, 10], True)
        assert await page(raw, room, limit=3, before=8) == ([5, 6, 7], True)
        assert await page(raw, room, limit=3, before=4) == ([1, 2, 3], False)
        assert await page(raw, room, before=1) == ([], False)
        assert await page(raw, room, before=0) == ([], False)
        assert await page(raw, room, limit=3, before=999) == ([8, 9, 10], True)
        assert await page(raw, room, limit=3, after=0) == ([1, 2, 3], True)
        assert await page(raw, room, limit=3, after=7) == ([8, 9, 10], False)
        assert await page(raw, room, after=10) == ([], False)
        assert await page(raw, room, after=999) == ([], False)


async def test_a_room_where_nothing_was_said_has_an_empty_page(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw:
        assert await page(raw, room) == ([], False)
        assert await page(raw, room, after=0) == ([], False)


@pytest.mark.parametrize(
    "where", [{"limit": 0}, {"limit": 101}, {"before": -1}, {"after": 10**12}, {"after": "x"}]
)
async def test_a_page_out_of_bounds_is_refused(
    shared_world: World, pair: Pair, where: dict[str, Any]
) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw:
        assert (await raw.refused("history.page", room=room, **where))["code"] == "invalid"


async def test_an_event_of_the_past_reads_as_it_did_live(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina, room) as raw:
        await say(raw, room, '안녕 "👋"')
        live = await raw.hears("message")
        (past,) = (await raw.ok("history.page", room=room))["events"]
        assert past == live


async def test_where_history_begins_with_joining_nothing_before_is_shown(
    shared_world: World, pair: Pair
) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, history="joined")
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        await say_many(m, room, 12)
        join(shared_world, jun, room)
        await j.hears("personal.room", change="joined", room=room)
        await say(m, room, "welcome")
        visible, more = await page(j, room)
        assert visible[-1] in {13, 14}  # beside it, the event of the joining
        assert visible[0] == 13
        assert not more
        assert await page(j, room, before=13) == ([], False)
        assert await page(j, room, before=20, limit=1) == (visible[-1:], len(visible) > 1)
        assert (await page(m, room, limit=100))[0][0] == 1


async def test_reading_on_from_before_ones_joining_begins_with_it(shared_world: World, pair: Pair) -> None:
    mina, jun = shared_world.people(2)
    room = shared_world.room(mina, history="joined")
    async with visit(pair[0], mina) as m, visit(pair[1], jun) as j:
        await say_many(m, room, 30)
        join(shared_world, jun, room)
        await j.hears("personal.room", change="joined", room=room)
        await say(m, room, "welcome")
        for after in (0, 5, 29):
            visible, _ = await page(j, room, after=after, limit=5)
            assert visible[0] == 31


async def test_long_messages_fill_a_page_sooner_and_none_is_lost(shared_world: World, pair: Pair) -> None:
    (mina,) = shared_world.people(1)
    room = shared_world.room(mina)
    async with visit(pair[0], mina) as raw:
        for _ in range(50):
            await say(raw, room, "흙" * 4000)  # 12 KB each: 600 KB in all
    async with visit(pair[1], mina) as raw:
        backward: list[int] = []
        more = True
        while more:
            seqs, more = await page(raw, room, limit=50, before=backward[0] if backward else 10**6)
            assert 15 <= len(seqs) <= 25 or not more
            backward = seqs + backward
        forward: list[int] = []
        more = True
        while more:
            seqs, more = await page(raw, room, limit=50, after=forward[-1] if forward else 0)
            forward += seqs
        assert backward == forward == list(range(1, 51))
