"""The safety net: what a replica that died left between bus and log is finished by another."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import trio

import common.roomlog.bus
from chatd import safety_net
from chatd.safety_net import SafetyNet
from common import protocol
from common.errors import StoreUnavailable
from common.mongo import open_mongo
from common.redis import Redis, open_redis
from common.roomlog.bus import Bus, Sweep, greet
from common.roomlog.journal import Journal
from common.roomlog.log import Log
from common.roomlog.position import SHARDS, Draft, Entry, ReactionBody, shard_of
from tests.common.roomlog.entries import a_draft, a_room, an_entry, entries_of
from tests.support.rawsocket import PATIENCE

ROOM = a_room()
SHARD = shard_of(ROOM)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with open_redis(redis_url, greet=greet) as redis:
        yield redis


@pytest.fixture
async def journal(redis: Redis, mongo_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Journal]:
    """Bus and log, where every entry is late at once."""
    monkeypatch.setattr(common.roomlog.bus, "LATE", 0)
    async with open_mongo(mongo_url) as mongo:
        log = Log(mongo)
        await log.prepare()
        yield Journal(Bus(redis), log)


async def left_by_the_dead(journal: Journal, *texts: str) -> list[Entry]:
    """Placed, and not kept."""
    return entries_of(await journal.place(SHARD, [a_draft(ROOM, text) for text in texts]))


async def texts(journal: Journal) -> list[str]:
    return [document.get("text", "") for document in await journal.log.after(ROOM, 0, upto=9999, most=9999)]


async def test_what_was_left_is_stored_and_no_longer_waited_for(journal: Journal) -> None:
    await left_by_the_dead(journal, "one.....", "two.....")
    await SafetyNet(journal, "us").sweep(SHARD)
    assert await texts(journal) == ["one.....", "two....."]
    assert await journal.bus.unlogged(SHARD, ROOM) == set()


async def test_what_became_of_a_message_is_finished_too(journal: Journal) -> None:
    await left_by_the_dead(journal, "one.....")
    reaction = ReactionBody(
        room=ROOM, sender="jun", client_id="reaction", of=1, emoji="👍", change="added", user="jun"
    )
    await journal.place(SHARD, [Draft.of(reaction)])
    await SafetyNet(journal, "us").sweep(SHARD)
    (state,) = await journal.log.states.views(ROOM, [1], "mina")
    assert state.reactions == [protocol.Reactions(emoji="👍", count=1, users=["jun"])]


async def test_it_is_stored_however_much_it_is(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """One batch was all that a sweep took, and its own lock kept it from the next for five seconds."""
    monkeypatch.setattr(safety_net, "BATCH", 10)
    await left_by_the_dead(journal, *(f"text {n:03}" for n in range(35)))
    await SafetyNet(journal, "us").sweep(SHARD)
    assert await texts(journal) == [f"text {n:03}" for n in range(35)]


async def test_a_part_of_the_bus_that_is_away_keeps_the_others_from_nothing(
    journal: Journal, nursery: trio.Nursery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safety_net, "EVERY", 0.01)
    other = next(shard for shard in range(SHARDS) if shard != SHARD)
    journal.bus.parts = [[other], [SHARD]]
    swept: list[int] = []
    sweep = journal.bus.sweep

    async def sweep_or_fail(shard: int, who: str, *, most: int) -> Sweep | None:
        swept.append(shard)
        if shard == other:
            raise StoreUnavailable("redis", "away")
        return await sweep(shard, who, most=most)

    monkeypatch.setattr(journal.bus, "sweep", sweep_or_fail)
    await left_by_the_dead(journal, "one.....")
    nursery.start_soon(SafetyNet(journal, "us").run)
    with trio.fail_after(PATIENCE):
        while await texts(journal) != ["one....."]:  # noqa: ASYNC110 - it is stored elsewhere
            await trio.sleep(0.01)
    assert swept[0] == other


async def test_two_who_sweep_store_it_once(journal: Journal) -> None:
    await left_by_the_dead(journal, "one.....")
    await SafetyNet(journal, "us").sweep(SHARD)
    await SafetyNet(journal, "them").sweep(SHARD)
    assert await texts(journal) == ["one....."]


async def test_what_its_own_writer_stored_meanwhile_is_only_marked(journal: Journal) -> None:
    entries = await left_by_the_dead(journal, "one.....")
    await journal.keep(entries)
    await SafetyNet(journal, "us").sweep(SHARD)
    assert await texts(journal) == ["one....."]
    assert await journal.bus.unlogged(SHARD, ROOM) == set()


async def test_what_was_displaced_gets_another_place(journal: Journal) -> None:
    """The dead had placed it on a bus that was older than the log."""
    await left_by_the_dead(journal, "one.....", "two.....")
    await journal.log.insert([an_entry(ROOM, 1, "first..."), an_entry(ROOM, 2, "second..")])
    await SafetyNet(journal, "us").sweep(SHARD)
    assert await texts(journal) == ["first...", "second..", "one.....", "two....."]
    assert await journal.bus.unlogged(SHARD, ROOM) == set()
