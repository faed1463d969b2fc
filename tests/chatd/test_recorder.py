"""The recorder's lanes on a real feed: one that cannot be written stops no other, and loses none of its order."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import msgspec
import pytest
import trio
from trio.testing import wait_all_tasks_blocked

from chatd import recorder
from chatd.recorder import LEASE, Recorder
from common import feed
from common.errors import MadangError, StoreUnavailable
from common.ids import uuid7
from common.redis import Argument, Redis, open_redis
from common.roomlog.position import Draft, shard_of
from tests.support.rawsocket import PATIENCE
from tests.support.redis import open_client

WHO = "chatd.1:boot"


class Writer:
    """The log, as far as a recorder sees it: what was written, and the shards that cannot be."""

    def __init__(self) -> None:
        self.events: dict[str, list[str]] = {}  # by room: the numbers, each once
        self.away: set[int] = set()
        self.hanging: set[int] = set()
        self.fault: Exception = MadangError("bus_unavailable", retry_after_ms=1)
        self.tries = 0
        self.most = 0
        self.wrote = trio.Event()
        self.trying = trio.Event()

    async def append(self, drafts: Sequence[Draft]) -> None:
        await trio.lowlevel.checkpoint()
        self.tries += 1
        self.trying.set()
        self.trying = trio.Event()
        self.most = max(self.most, len(drafts))
        (shard,) = {shard_of(draft.room) for draft in drafts}
        if shard in self.hanging:
            await trio.sleep_forever()
        if shard in self.away:
            raise self.fault
        for draft in drafts:
            numbers = self.events.setdefault(draft.room, [])
            number = msgspec.json.decode(draft.body)["name"]
            if number not in numbers:
                numbers.append(number)
        self.wrote.set()
        self.wrote = trio.Event()

    async def tried(self, times: int) -> None:
        """Return once there were so many tries."""
        with trio.fail_after(PATIENCE):
            while self.tries < times:
                await self.trying.wait()

    async def until(self, room: str, count: int) -> list[str]:
        """The numbers written in a room, once there are so many."""
        with trio.fail_after(PATIENCE):
            while len(self.events.get(room, ())) < count:
                await self.wrote.wait()
        return self.events[room]


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with open_redis(redis_url) as redis:
        yield redis


@pytest.fixture
def writer() -> Writer:
    return Writer()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "_AGAIN", 0.02)


@asynccontextmanager
async def recording(
    redis: Redis, writer: Writer, *, who: str = WHO, lease: float = 12
) -> AsyncIterator[Recorder]:
    running = Recorder(redis, writer, who=who, lease=lease)  # type: ignore[arg-type]
    async with trio.open_nursery() as nursery:
        nursery.start_soon(running.run)
        yield running
        nursery.cancel_scope.cancel()


def rooms_apart() -> tuple[str, str]:
    """Two rooms of different shards."""
    one = uuid7()
    return one, next(other for _ in range(100) if shard_of(other := uuid7()) != shard_of(one))


def numbers(first: int, last: int) -> list[str]:
    return [str(number) for number in range(first, last)]


async def tell(redis: Redis, room: str, first: int, last: int) -> None:
    for number in numbers(first, last):
        change = feed.MemberChanged(room=room, user="mina", name=number, change="joined")
        await redis.call("XADD", feed.STREAM, "*", "id", uuid7(), "data", msgspec.json.encode(change))


async def unfinished(redis: Redis) -> int:
    count: int = (await redis.call("XPENDING", feed.STREAM, feed.GROUP))[0]
    return count


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Return once it holds: it is about another's state."""
    with trio.fail_after(PATIENCE):
        while not await condition():  # noqa: ASYNC110
            await trio.sleep(0.01)


async def finished(redis: Redis, *, but: int = 0) -> None:
    """Return once nothing is pending, or just so much."""

    async def none() -> bool:
        return await unfinished(redis) == but

    await until(none)


async def test_a_shard_that_cannot_be_written_stops_no_other_and_is_made_up_in_order(
    redis: Redis, writer: Writer
) -> None:
    stuck, free = rooms_apart()
    writer.away.add(shard_of(stuck))
    async with recording(redis, writer):
        for number in range(20):
            await tell(redis, stuck, number, number + 1)
            await tell(redis, free, number, number + 1)
        assert await writer.until(free, 20) == numbers(0, 20)
        assert stuck not in writer.events
        writer.away.clear()
        assert await writer.until(stuck, 20) == numbers(0, 20)
        await finished(redis)


async def test_a_shard_that_hangs_stops_no_other(redis: Redis, writer: Writer) -> None:
    stuck, free = rooms_apart()
    writer.hanging.add(shard_of(stuck))
    async with recording(redis, writer):
        await tell(redis, stuck, 0, 3)
        await tell(redis, free, 0, 3)
        assert await writer.until(free, 3) == numbers(0, 3)


async def test_what_a_stuck_lane_cannot_hold_waits_in_the_stream(
    redis: Redis, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder, "HELD", 5)
    monkeypatch.setattr(recorder, "BATCH", 7)
    stuck, free = rooms_apart()
    writer.away.add(shard_of(stuck))
    async with recording(redis, writer) as running:
        await tell(redis, stuck, 0, 60)
        await tell(redis, free, 0, 1)
        await writer.until(free, 1)
        assert len(running._lanes[shard_of(stuck)].items) == 5
        await finished(redis, but=60)  # what is written is taken off the list a moment later
        writer.away.clear()
        await tell(redis, stuck, 60, 80)
        assert await writer.until(stuck, 80) == numbers(0, 80)
        await tell(redis, stuck, 80, 90)
        assert await writer.until(stuck, 90) == numbers(0, 90)
        await finished(redis)
    assert writer.most <= 7


async def test_while_the_log_is_away_all_waits_and_then_all_is_made_up(redis: Redis, writer: Writer) -> None:
    writer.away.update(range(16))
    writer.fault = StoreUnavailable("mongo", "away")
    rooms = rooms_apart()
    async with recording(redis, writer):
        for room in rooms:
            await tell(redis, room, 0, 5)
        await writer.tried(4)
        writer.away.clear()
        for room in rooms:
            assert await writer.until(room, 5) == numbers(0, 5)


@pytest.mark.parametrize("how", ["killed", "released"])
async def test_who_takes_over_begins_with_what_the_last_one_could_not_finish(
    redis: Redis, writer: Writer, how: str
) -> None:
    stuck, free = rooms_apart()
    writer.away.add(shard_of(stuck))
    async with recording(redis, writer) as first:
        await tell(redis, stuck, 0, 5)
        await tell(redis, free, 0, 1)
        await writer.until(free, 1)
        if how == "released":
            await first.release()
    if how == "killed":
        await redis.call("DEL", LEASE)
    await tell(redis, stuck, 5, 8)
    async with recording(redis, writer, who="chatd.2:boot"):
        await tell(redis, free, 1, 2)
        await writer.until(free, 2)
        writer.away.clear()
        assert await writer.until(stuck, 8) == numbers(0, 8)
        await finished(redis)


async def test_who_lets_go_of_the_lease_takes_it_from_nobody_who_has_it_by_then(
    redis: Redis, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when it runs out in the very moment of the release."""
    async with recording(redis, writer) as running:
        await until(partial(holder_is, redis, WHO))
        call = redis.call

        async def call_and_be_overtaken(*command: Argument) -> Any:
            reply = await call(*command)
            if LEASE in command:
                monkeypatch.setattr(redis, "call", call)
                await call("SET", LEASE, "another")
            return reply

        running._recording.cancel()
        await running._over.wait()
        monkeypatch.setattr(redis, "call", call_and_be_overtaken)
        await running.release()
    assert await call("GET", LEASE) == b"another"


async def holder_is(redis: Redis, who: str) -> bool:
    return bool(await redis.call("GET", LEASE) == who.encode())


async def test_what_one_without_the_lease_was_given_comes_before_what_follows(
    redis: Redis, writer: Writer, redis_url: str
) -> None:
    """As when it stood still while it waited for entries, lost the lease, and was handed one all the same."""
    room, _ = rooms_apart()
    async with recording(redis, writer, lease=30):
        await tell(redis, room, 0, 1)
        await writer.until(room, 1)
        with open_client(redis_url) as client, client.pipeline(transaction=True) as at_once:
            change = feed.MemberChanged(room=room, user="mina", name="1", change="joined")
            at_once.xadd(feed.STREAM, {"id": uuid7(), "data": msgspec.json.encode(change)})
            at_once.xreadgroup(feed.GROUP, "one without", {feed.STREAM: ">"})
            assert at_once.execute()[1]
        await tell(redis, room, 2, 3)
        assert await writer.until(room, 3) == numbers(0, 3)


async def test_who_has_lost_the_lease_leaves_what_it_was_given(redis: Redis, writer: Writer) -> None:
    room, _ = rooms_apart()
    async with recording(redis, writer, lease=30):
        await tell(redis, room, 0, 1)
        await writer.until(room, 1)
        await finished(redis)
        await redis.call("SET", LEASE, "chatd.2:boot")
        await tell(redis, room, 1, 2)
        await finished(redis, but=1)
        await wait_all_tasks_blocked(0.01)
        assert writer.events[room] == ["0"]


async def test_who_lets_go_has_stopped_reading(redis: Redis, writer: Writer) -> None:
    """Else it would still be handed the next change, and end with it."""
    room, _ = rooms_apart()
    async with recording(redis, writer, lease=30) as running:
        await tell(redis, room, 0, 1)
        await writer.until(room, 1)
        await finished(redis)
        await running.release()
        assert await redis.call("GET", LEASE) is None
        await tell(redis, room, 1, 2)
        assert await unfinished(redis) == 0


async def test_what_another_holds_is_not_let_go(redis: Redis, writer: Writer) -> None:
    async with recording(redis, writer) as running:
        await redis.call("SET", LEASE, "chatd.2:boot")
        await running.release()
        assert await redis.call("GET", LEASE) == b"chatd.2:boot"


async def test_without_redis_the_lease_runs_out_by_itself(
    redis: Redis, writer: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_words: object) -> None:
        await trio.lowlevel.checkpoint()
        raise StoreUnavailable("redis", "away")

    async with recording(redis, writer) as running:
        monkeypatch.setattr(redis, "call", away)
        with trio.fail_after(PATIENCE):
            await running.release()


async def test_when_redis_comes_back_empty_the_feed_is_recorded_from_its_beginning(
    redis: Redis, writer: Writer
) -> None:
    room, _ = rooms_apart()
    async with recording(redis, writer, lease=0.3):
        await tell(redis, room, 0, 1)
        await writer.until(room, 1)
        await redis.call("DEL", feed.STREAM)
        await tell(redis, room, 1, 3)
        assert await writer.until(room, 3) == numbers(0, 3)


async def test_entries_of_no_log_are_finished_too(redis: Redis, writer: Writer) -> None:
    room, _ = rooms_apart()
    await redis.call("XADD", feed.STREAM, "*", "id", uuid7(), "data", '{"type":"of the future"}')
    await redis.call("XADD", feed.STREAM, "*", "id", uuid7(), "data", '{"type":"keys.changed"}')
    async with recording(redis, writer):
        await tell(redis, room, 0, 1)
        await writer.until(room, 1)
        await finished(redis)


@pytest.mark.parametrize(("gone_after_s", "left"), [(3600, {b"idle", WHO.encode()}), (-1, {WHO.encode()})])
async def test_consumers_that_are_long_gone_are_taken_off_the_list(
    redis: Redis, writer: Writer, monkeypatch: pytest.MonkeyPatch, gone_after_s: int, left: set[bytes]
) -> None:
    room, _ = rooms_apart()
    await redis.call("XGROUP", "CREATE", feed.STREAM, feed.GROUP, "0", "MKSTREAM")
    await redis.call("XGROUP", "CREATECONSUMER", feed.STREAM, feed.GROUP, "idle")
    monkeypatch.setattr(recorder, "_GONE", gone_after_s)
    async with recording(redis, writer):
        await tell(redis, room, 0, 1)
        await writer.until(room, 1)
    found = await redis.call("XINFO", "CONSUMERS", feed.STREAM, feed.GROUP)
    assert {facts[1] for facts in found} == left
