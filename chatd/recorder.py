"""What control says that belongs in a room's log: carried there once, in order for each room, by one replica at a time.

A consumer group of the control feed says what is unfinished, a lease who is at it. Who takes over begins with what was
left; the log admits each entry's id once. So an entry may be tried by two and again, and is one event.

Each shard of the bus has a lane of its own. While a shard cannot be written, its lane tries again and the others go on:
its entries stay unfinished in the stream, the first few of them in memory, too, and are read again from there, in order,
once it can. When the log's store is away, that is so of all lanes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import trio

from chatd.log_writer import LogWriter
from chatd.recorded import event_of
from common import feed
from common.errors import MadangError, StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter, Gauge
from common.redis import Redis, RedisRefusal
from common.roomlog.position import SHARDS, Draft, shard_of
from common.supervise import Backoff, jittered
from common.units import HOURS, SECONDS, to_ms

_log = get_logger(__name__)
_recorded = Counter("madang_chatd_recorded_total", "Entries of the control feed that became events of rooms.")
_stuck = Gauge("madang_chatd_recorder_stuck_shards", "Shards whose news from control cannot be recorded now.")

LEASE: Final = "{control}:recorder"
BATCH: Final = 100  # entries of one read, and of one append of a lane
HELD: Final = 200  # entries a lane keeps in memory; the others wait in the stream
_AGAIN: Final = 5 * SECONDS  # at most, between two tries of a lane
_GONE: Final = 1 * HOURS  # after which a consumer that left nothing unfinished is forgotten

# Take or keep the lease. KEYS 1 lease   ARGV 1 who   2 life, ms
_HOLD: Final = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
# Give it up, unless it is another's by now.
_RELEASE: Final = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
"""


class Item(NamedTuple):
    """An entry of the feed that is to be an event."""

    id: bytes
    draft: Draft


class Lane:
    """What one shard is to be told, in order: `items` first, then, if it was more than `HELD`, the stream."""

    def __init__(self, shard: int) -> None:
        self.shard = shard
        self.items: deque[Item] = deque()
        self.left = 0  # items that were left in the stream; never counted down
        self.behind = False  # whether there are such
        self.stuck = False
        self.stirred = trio.Event()

    def put(self, item: Item) -> None:
        """One more. What does not fit stays where it is."""
        if self.behind or len(self.items) >= HELD:
            self.leave()
        else:
            self.items.append(item)
        self.stirred.set()

    def leave(self) -> None:
        """There is something in the stream that is not among the items."""
        self.left += 1
        self.behind = True
        self.stirred.set()


class Recorder:
    """Writes what control says into the rooms' logs, whenever this replica holds the lease of `lease` seconds."""

    def __init__(self, redis: Redis, writer: LogWriter, *, who: str, lease: float) -> None:
        self._redis = redis
        self._writer = writer
        self._who = who
        self._lease = lease
        self._hold = redis.script(_HOLD)
        self._release = redis.script(_RELEASE)
        self._lanes: list[Lane] = []
        self._recording = trio.CancelScope()
        self._over = trio.Event()

    async def run(self) -> None:
        """Record until `release`. A bug ends the program."""
        with self._recording:
            await self._run()
        self._over.set()

    async def release(self) -> None:
        """Record no more, and let another replica do it, at once: it begins with what is unfinished here."""
        self._recording.cancel()
        await self._over.wait()
        try:
            await self._release([LEASE], [self._who])
        except StoreUnavailable as fault:
            _log.info("the recorder's lease will run out by itself", why=str(fault))

    async def _run(self) -> None:
        backoff = Backoff()
        while True:
            try:
                if await self._held():
                    await self._record_while_held()
                backoff.reset()
                await trio.sleep(jittered(self._lease / 4))
            except RedisRefusal as refusal:
                if refusal.code != "NOGROUP":
                    raise
                await self._make_group()
            except StoreUnavailable as fault:
                _log.warning("cannot hear what is to be recorded", why=str(fault))
                await trio.sleep(backoff.next())

    async def _held(self) -> bool:
        return bool(await self._hold([LEASE], [self._who, to_ms(self._lease)]))

    async def _make_group(self) -> None:
        try:
            await self._redis.call("XGROUP", "CREATE", feed.STREAM, feed.GROUP, "0", "MKSTREAM")
        except RedisRefusal as refusal:
            if refusal.code != "BUSYGROUP":
                raise

    async def _record_while_held(self) -> None:
        """Read, and give each lane its own. Raises `StoreUnavailable`, `RedisRefusal`: then the lanes begin anew, too."""
        self._lanes = [Lane(shard) for shard in range(SHARDS)]
        fault: Exception | None = None
        async with trio.open_nursery() as nursery:
            for lane in self._lanes:
                nursery.start_soon(self._run_lane, lane)
            try:
                await self._read()
            except (StoreUnavailable, RedisRefusal) as away:
                fault = away
            nursery.cancel_scope.cancel()
        _stuck.set(0)
        if fault is not None:
            raise fault

    # --- reading ------------------------------------------------------------------------------------------------------

    async def _read(self) -> None:
        """Hand out what is unfinished and what comes, until the lease is another's."""
        await self._take_over(0)
        await self._forget_consumers()
        while await self._held():
            reply = await self._redis.call(
                "XREADGROUP", "GROUP", feed.GROUP, self._who,
                "COUNT", BATCH, "BLOCK", to_ms(self._lease / 3), "STREAMS", feed.STREAM, ">",
            )  # fmt: skip
            if not reply:
                await self._take_over(self._lease)
            elif not await self._held():
                return  # what we were given is for who holds it now
            elif await self._others_have_some():
                await self._leave(reply[0][1])
                await self._take_over(0)
            else:
                await self._hand_out(reply[0][1])

    async def _others_have_some(self) -> bool:
        """Whether another, who lost the lease while he waited, was given entries all the same: they come before ours."""
        summary = await self._redis.call("XPENDING", feed.STREAM, feed.GROUP)
        return any(name != self._who.encode() for name, _ in summary[3] or ())

    async def _take_over(self, idle: float) -> None:
        """Make what others took `idle` seconds ago or more and did not finish our own; the lanes find it in its order."""
        cursor = b"0-0"
        while True:
            cursor, entries, *_ = await self._redis.call(
                "XAUTOCLAIM", feed.STREAM, feed.GROUP, self._who, to_ms(idle), cursor, "COUNT", BATCH
            )
            await self._leave(entries)
            if cursor == b"0-0":
                return

    async def _leave(self, entries: Sequence[Any]) -> None:
        items, nothing = _items(entries)
        for shard in {shard_of(item.draft.room) for item in items}:
            self._lanes[shard].leave()
        await self._finish(nothing)

    async def _hand_out(self, entries: Sequence[Any]) -> None:
        items, nothing = _items(entries)
        for item in items:
            self._lanes[shard_of(item.draft.room)].put(item)
        await self._finish(nothing)

    async def _finish(self, ids: Sequence[bytes]) -> None:
        if ids:
            await self._redis.call("XACK", feed.STREAM, feed.GROUP, *ids)

    async def _forget_consumers(self) -> None:
        """Every start of a replica is a consumer of its own: those that are long gone are taken off the list."""
        try:
            found = await self._redis.call("XINFO", "CONSUMERS", feed.STREAM, feed.GROUP)
            for facts in found:
                consumer = dict(zip(facts[::2], facts[1::2], strict=True))
                if not consumer[b"pending"] and consumer[b"idle"] > to_ms(_GONE):
                    await self._redis.call(
                        "XGROUP", "DELCONSUMER", feed.STREAM, feed.GROUP, consumer[b"name"]
                    )
        except RedisRefusal as refusal:  # all is gone: who reads will find that
            _log.debug("no consumers to forget", why=str(refusal))

    # --- a lane -------------------------------------------------------------------------------------------------------

    async def _run_lane(self, lane: Lane) -> None:
        """Record what the lane is given, for ever, however often it takes."""
        backoff = Backoff(most=_AGAIN)
        while True:
            await lane.stirred.wait()
            lane.stirred = trio.Event()
            try:
                await self._empty(lane)
            except (StoreUnavailable, MadangError) as fault:
                self._mark(lane, why=str(fault))
            else:
                self._mark(lane, why=None)
                backoff.reset()
                continue
            lane.stirred.set()
            await trio.sleep(backoff.next())

    def _mark(self, lane: Lane, *, why: str | None) -> None:
        """Note why a lane is stuck, and say it once; and once that it is no longer."""
        if why is not None and not lane.stuck:
            _log.warning("cannot record changes now", shard=lane.shard, why=why)
        elif why is None and lane.stuck:
            _log.info("changes are recorded again", shard=lane.shard)
        lane.stuck = why is not None
        _stuck.set(sum(each.stuck for each in self._lanes))

    async def _empty(self, lane: Lane) -> None:
        """Record all the lane has. Raises `StoreUnavailable`, MadangError: what is not recorded is still there."""
        while lane.items:
            batch = [lane.items[index] for index in range(min(BATCH, len(lane.items)))]
            await self._record(batch)
            for _ in batch:
                lane.items.popleft()
        while lane.behind:
            left = lane.left
            await self._catch_up(lane.shard)
            lane.behind = lane.left != left

    async def _catch_up(self, shard: int) -> None:
        """Record what this consumer was given and did not finish of a shard, in order."""
        after = b"0-0"
        while page := await self._unfinished(after):
            after = page[-1][0]
            items, nothing = _items(page)
            await self._record([item for item in items if shard_of(item.draft.room) == shard])
            await self._finish(nothing)

    async def _unfinished(self, after: bytes) -> list[Any]:
        try:
            reply = await self._redis.call(
                "XREADGROUP", "GROUP", feed.GROUP, self._who, "COUNT", BATCH, "STREAMS", feed.STREAM, after
            )
        except RedisRefusal as refusal:
            if refusal.code != "NOGROUP":
                raise
            return []  # all is gone: who reads will find that, too
        found: list[Any] = reply[0][1] if reply else []
        return found

    async def _record(self, items: Sequence[Item]) -> None:
        """Append these, and finish them. Raises `StoreUnavailable`, MadangError."""
        if items:
            await self._writer.append([item.draft for item in items])
            await self._finish([item.id for item in items])
            _recorded.inc(len(items))


def _items(entries: Sequence[Any]) -> tuple[list[Item], list[bytes]]:
    """What is to be recorded of `entries`, and the ids of those that are of no log, or were trimmed too early."""
    items: list[Item] = []
    nothing: list[bytes] = []
    for entry_id, fields in entries:
        told = feed.told(fields) if fields else None
        body = event_of(*told) if told else None
        if body is None:
            nothing.append(entry_id)
        else:
            items.append(Item(entry_id, Draft.of(body)))
    return items, nothing
