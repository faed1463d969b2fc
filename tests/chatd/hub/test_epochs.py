"""An epoch begins: every listener of its shard is told to look again, and hears in order what comes after."""

from __future__ import annotations

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from common.errors import StoreUnavailable
from common.ids import uuid7
from common.protocol import Position
from common.roomlog.position import parse_stream_id, shard_of
from tests.chatd.hub.stage import ROOM, SHARD, Ear, Stage
from tests.chatd.hub.test_hub import _frame

# --- epochs -----------------------------------------------------------------------------------------------------------


async def test_when_an_epoch_begins_every_listener_of_the_shard_is_reset(stage: Stage) -> None:
    """Also where nobody says another word: what they hold may be lost."""
    store = stage.store
    silent = next(room for _ in range(10_000) if shard_of(room := uuid7()) == SHARD)
    mina, jun = await stage.listens("mina"), await stage.listens("jun", silent)
    await stage.brings(store.entry(1), store.entry(2), store.begins("e2"))
    await wait_all_tasks_blocked()
    assert mina.heard == [1, 2, ("e2", 2, "epoch")]
    assert jun.heard == [("e2", 0, "epoch")]


async def test_rooms_of_other_shards_hear_nothing_of_it(stage: Stage) -> None:
    elsewhere = next(room for _ in range(10_000) if shard_of(room := uuid7()) != SHARD)
    jun = await stage.listens("jun", elsewhere)
    await stage.brings(stage.store.begins("e2"))
    await wait_all_tasks_blocked()
    assert jun.heard == []


async def test_what_comes_while_the_room_is_found_again_follows_the_reset(
    autojump_clock: MockClock, stage: Stage
) -> None:
    store = stage.store
    mina = await stage.listens("mina")
    await stage.brings(store.entry(1))
    store.away = True
    await stage.brings(store.begins("e2"))
    await wait_all_tasks_blocked()
    store.away = False
    await stage.brings(store.entry(2))  # the room will be found to stand there
    later = store.entry(3)
    store.last -= 1  # and this one comes after we asked
    store.seqs[ROOM] = 2
    await stage.brings(later)
    await trio.sleep(10)
    assert mina.heard == [1, ("e2", 2, "epoch"), 3]


async def test_a_room_with_listeners_is_sought_until_it_is_found(
    autojump_clock: MockClock, stage: Stage
) -> None:
    store = stage.store
    mina = await stage.listens("mina")
    store.away = True
    await stage.brings(store.begins("e2"))
    await trio.sleep(60)
    with pytest.raises(StoreUnavailable):
        await stage.hub.find(ROOM)
    assert mina.heard == []
    store.away = False
    await trio.sleep(10)
    assert mina.heard == [("e2", 0, "epoch")]
    await stage.brings(store.entry(1))
    assert mina.heard == [("e2", 0, "epoch"), 1]


async def test_who_seeks_a_room_that_is_found_again_gets_its_new_place(
    stage: Stage, nursery: trio.Nursery
) -> None:
    store = stage.store
    await stage.listens("mina")
    await stage.brings(store.entry(1))
    await stage.hub.deliver(SHARD, [store.begins("e2"), ahead := store.entry(2)])
    found: list[Position] = []

    async def find() -> None:
        found.append((await stage.hub.find(ROOM)).position)

    nursery.start_soon(find)
    await wait_all_tasks_blocked()
    assert found == []
    store.read_to = parse_stream_id(ahead.id)
    store.moved.unpark_all()
    await wait_all_tasks_blocked()
    assert found == [Position("e2", 2)]


async def test_who_seeks_a_room_while_one_epoch_follows_another_is_not_forgotten(
    stage: Stage, nursery: trio.Nursery
) -> None:
    """The second begins before the room was found in the first."""
    store = stage.store
    await stage.listens("mina")
    await stage.hub.deliver(SHARD, [store.begins("e2"), ahead := store.entry(1)])
    found: list[Position] = []

    async def find() -> None:
        found.append((await stage.hub.find(ROOM)).position)

    nursery.start_soon(find)
    await wait_all_tasks_blocked()
    await stage.hub.deliver(SHARD, [again := store.begins("e3")])
    store.read_to = parse_stream_id(ahead.id)
    store.moved.unpark_all()
    await wait_all_tasks_blocked()
    store.read_to = parse_stream_id(again.id)
    store.moved.unpark_all()
    await wait_all_tasks_blocked()
    assert found == [Position("e3", 1)]


async def test_who_is_catching_up_hears_of_the_epoch_after_what_was_missed(stage: Stage) -> None:
    store = stage.store
    await stage.brings(store.entry(1))
    room, jun = await stage.hub.find(ROOM), Ear("jun")
    stage.hub.wait(jun, room)
    await stage.brings(store.entry(2), store.begins("e2"))
    await wait_all_tasks_blocked()
    await stage.brings(store.entry(3))
    assert jun.heard == []
    assert stage.hub.catch_up(jun, room, _frame(store, 1))
    assert jun.heard == [1, 2, ("e2", 2, "epoch"), 3]


async def test_who_caught_up_while_the_room_was_sought_is_reset_too(
    autojump_clock: MockClock, stage: Stage
) -> None:
    store = stage.store
    room, jun = await stage.hub.find(ROOM), Ear("jun")
    stage.hub.wait(jun, room)
    store.away = True
    await stage.brings(store.entry(1), store.begins("e2"))
    await wait_all_tasks_blocked()
    assert stage.hub.catch_up(jun, room, b"")
    store.away = False
    await trio.sleep(10)
    assert jun.heard == [1, ("e2", 1, "epoch")]


async def test_the_beginning_of_an_epoch_that_is_known_already_resets_nobody(stage: Stage) -> None:
    store = stage.store
    begins = store.begins("e2")
    await stage.brings(begins)
    mina = await stage.listens("mina")
    await stage.brings(begins, store.entry(1))
    await wait_all_tasks_blocked()
    assert mina.heard == [1]


async def test_an_epoch_whose_beginning_was_missed_is_noticed_by_its_events(stage: Stage) -> None:
    store = stage.store
    mina = await stage.listens("mina")
    await stage.brings(store.entry(1))
    store.begins("e2")
    await stage.brings(store.entry(2), store.entry(3))
    await wait_all_tasks_blocked()
    assert mina.heard == [1, ("e2", 3, "epoch")]


async def test_a_bus_that_gives_a_seq_twice_is_made_to_begin_anew(stage: Stage) -> None:
    store = stage.store
    mina = await stage.listens("mina")
    await stage.brings(store.entry(1), store.entry(2))
    await stage.brings(store.entry(1))
    await wait_all_tasks_blocked()
    assert store.rotated == ["e1"]
    assert mina.heard == [1, 2, ("after e1", 1, "epoch")]
