"""Reads the bus: every shard, from explicit ids, for ever; each batch goes to the hub before the next is read.

Shards that one server holds are read together, by one call. On a cluster each shard has a reader of its own, so one whose
master is away keeps no other waiting. A reader that loses Redis keeps its ids and comes back to them, with jittered
back-off; in a shard that is in another epoch by then, it goes on where that began. Every replica reads everything, so
there is no consumer group.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import trio

from chatd.resting import Rest
from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Gauge
from common.roomlog.bus import KEPT, Bus
from common.roomlog.position import Entry, StreamId, beginning, parse_stream_id
from common.supervise import Backoff
from common.units import MILLISECONDS, SECONDS

_log = get_logger(__name__)
_up = Gauge("madang_chatd_bus_up", "The share of the bus that this replica reads: 1 is all of it, 0 is none.")

BATCH: Final = 1000
BLOCK: Final = 5 * SECONDS
REST: Final = Rest(times=3, most=15 * MILLISECONDS)
MARGIN: Final = 60 * SECONDS  # before what is kept is trimmed

Deliver = Callable[[int, Sequence[Entry]], Awaitable[None]]  # a shard, and some of its entries in order


class BusReader:
    """How far this replica has read each shard."""

    def __init__(self, bus: Bus) -> None:
        self._parts = [_Part(bus, shards) for shards in bus.parts]
        self._of_shard = {shard: part for part in self._parts for shard in part.shards}

    @property
    def healthy(self) -> bool:
        """Whether anything is being read. A part that is away is away for every replica: to go elsewhere helps nobody."""
        return any(part.healthy for part in self._parts)

    def reached(self, shard: int, entry_id: StreamId) -> trio.lowlevel.ParkingLot | None:
        """None once everything up to `entry_id` was delivered here; until then, where to park for the next look."""
        return self._of_shard[shard].reached(shard, entry_id)

    async def run(
        self,
        deliver: Deliver,
        *,
        task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Read and deliver. Started once it is known where every stream ends, so what comes after is delivered.

        `deliver` is called for several shards at a time where they are not read together, for one shard never.
        """
        async with trio.open_nursery() as nursery:
            async with trio.open_nursery() as starting:
                for part in self._parts:
                    starting.start_soon(nursery.start, part.run, deliver, self._changed)
            task_status.started()

    def _changed(self) -> None:
        reading = sum(part.healthy for part in self._parts)
        _up.set(reading / len(self._parts))
        if reading == len(self._parts):
            _log.info("reading the bus")


class _Part:
    """Some shards that are read together."""

    def __init__(self, bus: Bus, shards: Sequence[int]) -> None:
        self.shards = shards
        self.healthy = False
        self._bus = bus
        self._ids: dict[int, bytes] = {}
        self._epochs: dict[int, str] = {}
        self._read_at = 0.0
        self._moved = trio.lowlevel.ParkingLot()

    def reached(self, shard: int, entry_id: StreamId) -> trio.lowlevel.ParkingLot | None:
        if parse_stream_id(self._ids[shard]) >= entry_id:
            return None
        return self._moved

    async def run(
        self, deliver: Deliver, changed: Callable[[], None], *, task_status: trio.TaskStatus[None]
    ) -> None:
        """Read and deliver; `changed` is called whenever `healthy` did."""
        backoff = Backoff()
        while True:
            try:
                await self._begin(deliver)
                if not self.healthy:
                    self.healthy = True
                    changed()
                task_status.started()
                task_status = trio.TASK_STATUS_IGNORED
                while await self._read(deliver):
                    backoff.reset()
            except StoreUnavailable as fault:
                if self.healthy:
                    _log.warning("the bus is away", why=str(fault), shards=self.shards)
                    self.healthy = False
                    changed()
                await trio.sleep(backoff.next())

    async def _begin(self, deliver: Deliver) -> None:
        """Where to read from. A new epoch is told as the bus would tell it; what is older need not be read any more."""
        for shard in self.shards:
            standing = await self._bus.standing(shard, [])
            if shard not in self._ids:
                self._ids[shard] = standing.last
            elif standing.epoch != self._epochs[shard]:
                await deliver(shard, [beginning(standing.began, standing.epoch)])
                self._ids[shard] = standing.began
            elif self._was_away_too_long():
                await deliver(
                    shard, [beginning(standing.last, "")]
                )  # none that anybody is in: all are found again
                self._ids[shard] = standing.last
            self._epochs[shard] = standing.epoch
        self._read_at = trio.current_time()
        self._moved.unpark_all()

    async def _read(self, deliver: Deliver) -> bool:
        """Read once, deliver, rest; False when what lies between this and the last time may be gone."""
        read = await self._bus.read(self._ids, most=BATCH, wait=BLOCK)
        if self._was_away_too_long():
            return False
        self._read_at = trio.current_time()
        for shard, entries in read:
            await deliver(shard, entries)
            self._ids[shard], self._epochs[shard] = entries[-1].id, entries[-1].epoch
        self._moved.unpark_all()
        await REST.after(self._read_at, sum(len(entries) for _, entries in read))
        return True

    def _was_away_too_long(self) -> bool:
        """Whether the streams may have been trimmed beyond what we have read (the process was frozen, or the net cut)."""
        return trio.current_time() - self._read_at > KEPT - MARGIN
