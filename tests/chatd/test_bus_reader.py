"""The reader of the bus: everything once and in order, over every absence, and nothing of an epoch that is over."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked

from chatd.bus_reader import BusReader
from common.errors import StoreUnavailable
from common.roomlog.bus import KEPT, Standing
from common.roomlog.position import SHARDS, Entry, beginning, parse_stream_id

SHARD = 3


class Streams:
    """One shard's stream; the others stay empty."""

    def __init__(self) -> None:
        self.parts = [list(range(SHARDS))]
        self.epoch, self.began = "e1", b"0-0"
        self.entries: list[Entry] = []
        self.away = False
        self._stirred = trio.Event()
        self._last = 0

    def say(self, count: int = 1) -> list[Entry]:
        said = [Entry(self._id(), "a room", 0, 0, self.epoch, b"") for _ in range(count)]
        self.entries += said
        self.stir()
        return said

    def begin(self, epoch: str) -> Entry:
        self.epoch, self.began = epoch, self._id()
        self.entries.append(beginning(self.began, epoch))
        self.stir()
        return self.entries[-1]

    def _id(self) -> bytes:
        self._last += 1
        return b"%d-0" % self._last

    def stir(self) -> None:
        self._stirred.set()
        self._stirred = trio.Event()

    def go_away(self, *, away: bool = True) -> None:
        self.away = away
        self.stir()

    async def standing(self, shard: int, rooms: Sequence[str]) -> Standing:
        await trio.lowlevel.checkpoint()
        if self.away:
            raise StoreUnavailable("redis", "away")
        if shard != SHARD:
            return Standing("other", b"0-0", b"0-0", {}, {})
        return Standing(self.epoch, self.began, self.entries[-1].id if self.entries else b"0-0", {}, {})

    async def read(self, after: dict[int, bytes], *, most: int, wait: float) -> list[tuple[int, list[Entry]]]:
        with trio.move_on_after(wait):
            while True:
                await trio.lowlevel.checkpoint()
                if self.away:
                    raise StoreUnavailable("redis", "away")
                since = parse_stream_id(after[SHARD])
                new = [entry for entry in self.entries if parse_stream_id(entry.id) > since][:most]
                if new:
                    return [(SHARD, new)]
                await self._stirred.wait()
        return []


class Reading:
    """A reader that is running, and what it delivered."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self.reader = BusReader(streams)  # type: ignore[arg-type]
        self.delivered: list[Entry] = []

    async def deliver(self, shard: int, entries: Sequence[Entry]) -> None:
        await trio.lowlevel.checkpoint()
        if shard == SHARD:
            self.delivered += entries


@pytest.fixture
def reading() -> Reading:
    return Reading(Streams())


@pytest.fixture
async def running(reading: Reading, nursery: trio.Nursery) -> Reading:
    await nursery.start(reading.reader.run, reading.deliver)
    return reading


async def test_what_was_there_before_is_not_delivered(reading: Reading, nursery: trio.Nursery) -> None:
    reading.streams.say(3)
    await nursery.start(reading.reader.run, reading.deliver)
    later = reading.streams.say(2)
    await wait_all_tasks_blocked()
    assert reading.delivered == later


async def test_what_comes_while_the_bus_seems_away_is_delivered_afterwards(
    autojump_clock: MockClock, running: Reading
) -> None:
    """It is the same server: it was only not reached for a while."""
    before = running.streams.say(2)
    await trio.sleep(1)
    running.streams.go_away()
    await trio.sleep(60)
    assert not running.reader.healthy
    meanwhile = running.streams.say(3)
    running.streams.go_away(away=False)
    await trio.sleep(10)
    assert running.reader.healthy
    assert running.delivered == before + meanwhile


async def test_an_epoch_that_began_while_the_bus_was_away_is_told_and_read_from_its_beginning(
    autojump_clock: MockClock, running: Reading
) -> None:
    said = running.streams.say(3)
    await trio.sleep(1)
    running.streams.go_away()
    await trio.sleep(1)
    running.streams.entries = said[:1]  # it forgot the rest
    begins = running.streams.begin("e2")
    later = running.streams.say(2)
    running.streams.go_away(away=False)
    await trio.sleep(10)
    assert running.delivered == [*said, begins, *later]


async def test_a_bus_that_came_back_with_an_earlier_clock_is_read_from_its_beginning(
    autojump_clock: MockClock, running: Reading
) -> None:
    """As after a failover to a machine whose clock is behind: all new ids are lower than the last one read."""
    said = running.streams.say(9)
    await trio.sleep(1)
    running.streams.go_away()
    await trio.sleep(1)
    running.streams.entries, running.streams._last = [], 0
    begins = running.streams.begin("e2")
    later = running.streams.say(3)
    running.streams.go_away(away=False)
    await trio.sleep(10)
    assert running.delivered == [*said, begins, *later]


async def test_an_epoch_that_begins_under_our_eyes_is_delivered_once(
    autojump_clock: MockClock, running: Reading
) -> None:
    everything = [*running.streams.say(1), running.streams.begin("e2"), *running.streams.say(1)]
    await trio.sleep(1)
    running.streams.go_away()
    await trio.sleep(1)
    running.streams.go_away(away=False)
    everything += running.streams.say(1)
    await trio.sleep(10)
    assert running.delivered == everything


async def test_who_was_away_until_the_streams_were_trimmed_looks_again(
    autojump_clock: MockClock, running: Reading
) -> None:
    said = running.streams.say(3)
    await trio.sleep(1)
    running.streams.go_away()
    await trio.sleep(KEPT)
    running.streams.say(3)
    running.streams.entries = running.streams.entries[-1:]
    running.streams.go_away(away=False)
    await trio.sleep(10)
    assert running.delivered == [*said, beginning(running.streams.entries[-1].id, "")]
    later = running.streams.say(2)
    await trio.sleep(10)
    assert running.delivered[4:] == later


async def test_who_was_frozen_until_the_streams_were_trimmed_looks_again(
    autojump_clock: MockClock, running: Reading
) -> None:
    """Nothing failed: the process just did not run."""
    await wait_all_tasks_blocked()
    autojump_clock.jump(KEPT)
    (last,) = running.streams.say()
    await trio.sleep(10)
    assert running.delivered == [beginning(last.id, "")]


async def test_it_is_known_how_far_was_read(autojump_clock: MockClock, running: Reading) -> None:
    (entry,) = running.streams.say()
    target = parse_stream_id(entry.id)
    lot = running.reader.reached(SHARD, target)
    assert lot is not None
    with trio.fail_after(1):
        await lot.park()
    assert running.reader.reached(SHARD, target) is None


class TwoParts(Streams):
    """A bus of which the shard of these tests may be away while the others are there."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = [[SHARD], [shard for shard in range(SHARDS) if shard != SHARD]]

    async def standing(self, shard: int, rooms: Sequence[str]) -> Standing:
        if shard == SHARD:
            return await super().standing(shard, rooms)
        return Standing("other", b"0-0", b"0-0", {}, {})

    async def read(self, after: dict[int, bytes], *, most: int, wait: float) -> list[tuple[int, list[Entry]]]:
        if SHARD in after:
            return await super().read(after, most=most, wait=wait)
        await trio.sleep(wait)
        return []


async def test_a_part_of_the_bus_that_is_away_is_told_apart_from_all_of_it(
    autojump_clock: MockClock, nursery: trio.Nursery
) -> None:
    reading = Reading(TwoParts())
    await nursery.start(reading.reader.run, reading.deliver)
    said = reading.streams.say(2)
    await trio.sleep(1)
    reading.streams.go_away()
    await trio.sleep(20)
    assert reading.reader.healthy, "it still serves the other shards"
    said += reading.streams.say(3)
    reading.streams.go_away(away=False)
    await trio.sleep(10)
    assert reading.delivered == said
