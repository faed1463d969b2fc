"""The indexer: what is whole gets indexed, once noticed; what is missing is mended or waited for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import pytest
import trio

from chatd import indexer as indexer_module
from chatd.indexer import Indexer
from common.clock import now_ms
from common.errors import StoreUnavailable
from common.mongo import Mongo, open_mongo
from common.redis import Redis, open_redis
from common.roomlog.bus import Bus, greet
from common.roomlog.index import SETTLED, Index, Layout
from common.roomlog.journal import Journal
from common.roomlog.log import Log
from common.roomlog.position import Entry
from tests.common.roomlog.entries import a_draft, a_room

SMALL = Layout(block=16, span=64, block_buckets=4, span_buckets=8)
LONG_AGO = 1_700_000_000_000


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with open_redis(redis_url, greet=greet) as redis:
        yield redis


@pytest.fixture
async def mongo(mongo_url: str) -> AsyncIterator[Mongo]:
    async with open_mongo(mongo_url) as mongo:
        yield mongo


@pytest.fixture
async def journal(redis: Redis, mongo: Mongo) -> Journal:
    log = Log(mongo)
    await log.prepare()
    return Journal(Bus(redis), log)


@pytest.fixture
def index(mongo: Mongo) -> Index:
    return Index(mongo, SMALL)


@pytest.fixture
def indexer(journal: Journal, index: Index, monkeypatch: pytest.MonkeyPatch) -> Indexer:
    monkeypatch.setattr(indexer_module, "PAUSE", 0)
    return Indexer(journal, index)


def said(room: str, seqs: Iterable[int], at: int = LONG_AGO) -> list[Entry]:
    return [
        Entry(b"%d-0" % (at + seq), room, seq, seq, "e1", a_draft(room, f"word {seq}").body) for seq in seqs
    ]


async def unindexed(index: Index, room: str, upto: int) -> list[int]:
    """Where the blocks begin that are indexed neither as such nor in their span."""
    blocks = [SMALL.block_at(first) for first in range(0, upto, SMALL.block)]
    spans = {SMALL.span_at(first) for first in range(0, upto, SMALL.span)}
    gone = await index.missing(room, [*blocks, *sorted(spans)])
    return [block.first for block in blocks if block in gone and SMALL.span_at(block.first) in gone]


async def test_what_is_whole_is_indexed_and_what_is_not_yet_full_is_not(
    indexer: Indexer, index: Index, journal: Journal
) -> None:
    room = a_room()
    await journal.log.insert(said(room, range(1, 100)))
    await indexer.catch_up(room)
    assert await unindexed(index, room, 100) == [96]
    assert await index.missing(room, [SMALL.span_at(0)]) == []
    assert await index.missing(room, SMALL.blocks_of(SMALL.span_at(0))) == SMALL.blocks_of(SMALL.span_at(0))
    await indexer.catch_up(room)
    assert await unindexed(index, room, 100) == [96]


async def test_an_empty_room_has_nothing_to_index(indexer: Indexer, index: Index) -> None:
    room = a_room()
    await indexer.catch_up(room)
    assert await unindexed(index, room, 16) == [0]


async def test_what_is_too_young_waits_and_the_rest_of_its_span_does_not(
    indexer: Indexer, index: Index, journal: Journal
) -> None:
    """A primary of the log that fails may still take back what it just showed."""
    room = a_room()
    await journal.log.insert([*said(room, range(1, 48)), *said(room, range(48, 70), now_ms())])
    await indexer.catch_up(room)
    assert await unindexed(index, room, 64) == [48]
    assert await index.missing(room, [SMALL.span_at(0)]) == [SMALL.span_at(0)]


async def test_a_hole_that_nothing_will_fill_is_mended(
    indexer: Indexer, index: Index, journal: Journal
) -> None:
    room = a_room()
    await journal.log.insert(said(room, (seq for seq in range(1, 40) if seq != 20)))
    await indexer.catch_up(room)
    assert await unindexed(index, room, 32) == []
    (void,) = await journal.log.after(room, 19, upto=20, most=1)
    assert void["type"] == "void"


async def test_who_is_killed_half_way_leaves_what_the_next_completes(
    indexer: Indexer, index: Index, journal: Journal, mongo: Mongo
) -> None:
    room = a_room()
    await journal.log.insert(said(room, range(1, 70)))
    await indexer.catch_up(room)
    await mongo.run(
        lambda: mongo.database.grams.delete_many({"_id": {"$gte": f"{room}:1:000", "$lt": f"{room}:1:005"}})
    )
    assert await unindexed(index, room, 64) == [0, 16, 32, 48]
    await indexer.catch_up(room)
    assert await unindexed(index, room, 64) == []


class Looks:
    """When rooms were looked at, in place of the looking."""

    def __init__(self, away: int = 0) -> None:
        self.at: list[tuple[str, float]] = []
        self.away = away

    async def catch_up(self, room: str) -> None:
        await trio.lowlevel.checkpoint()
        if self.away:
            self.away -= 1
            raise StoreUnavailable("mongo", "away")
        self.at.append((room, trio.current_time()))


async def run_for(seconds: float, indexer: Indexer) -> None:
    with trio.move_on_after(seconds):
        await indexer.run()


async def test_a_room_is_looked_at_once_its_full_block_has_settled(
    indexer: Indexer, monkeypatch: pytest.MonkeyPatch, autojump_clock: trio.testing.MockClock
) -> None:
    looks, full, filling = Looks(), a_room(), a_room()
    monkeypatch.setattr(indexer, "catch_up", looks.catch_up)
    start = trio.current_time()
    indexer.kept([*said(full, range(1, 50)), *said(filling, range(1, 15))])
    await run_for(300, indexer)
    ((room, at),) = looks.at
    assert room == full
    assert SETTLED <= at - start < SETTLED + 10


async def test_what_a_search_missed_is_looked_at_soon_and_a_store_that_is_away_is_tried_again(
    indexer: Indexer, monkeypatch: pytest.MonkeyPatch, autojump_clock: trio.testing.MockClock
) -> None:
    looks, rooms = Looks(away=3), [a_room(), a_room()]
    monkeypatch.setattr(indexer, "catch_up", looks.catch_up)
    for room in rooms * 2:
        indexer.wanted(room)
    await run_for(60, indexer)
    assert sorted(room for room, _ in looks.at) == sorted(rooms)


async def test_rooms_that_are_too_many_are_left_to_the_next_who_notices(
    indexer: Indexer, monkeypatch: pytest.MonkeyPatch, autojump_clock: trio.testing.MockClock
) -> None:
    looks = Looks()
    monkeypatch.setattr(indexer, "catch_up", looks.catch_up)
    monkeypatch.setattr(indexer_module, "_MOST_DUE", 3)
    for _ in range(9):
        indexer.wanted(a_room())
    await run_for(10, indexer)
    assert len(looks.at) == 3
