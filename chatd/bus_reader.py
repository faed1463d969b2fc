"""Reads the bus: every shard, from explicit ids, for ever; each batch goes to the hub before the next is read.

A reader that loses Redis keeps its ids and comes back to them, with jittered back-off; in a shard that is in another
epoch by then, it goes on where that began. Every replica reads everything, so there is no consumer group.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import trio

from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Gauge
from common.roomlog.bus import KEPT, Bus
from common.roomlog.position import SHARDS, Entry, StreamId, beginning, parse_stream_id
from common.supervise import Backoff
from common.units import MILLISECONDS, SECONDS

_log = get_logger(__name__)
_up = Gauge("madang_chatd_bus_up", "1 while this replica reads the bus.")

BATCH: Final = 1000
BLOCK: Final = 5 * SECONDS
REST: Final = 5 * MILLISECONDS  # at most; see `_read`
MARGIN: Final = 60 * SECONDS  # before what is kept is trimmed

Deliver = Callable[[int, Sequence[Entry]], Awaitable[None]]  # a shard, and some of its entries in order


class BusReader:
    """How far this replica has read each shard."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._ids: dict[int, bytes] = {}
        self._epochs: dict[int, str] = {}
        self._read_at = 0.0
        self._moved = trio.lowlevel.ParkingLot()
        self.healthy = False

    def reached(self, shard: int, entry_id: StreamId) -> trio.lowlevel.ParkingLot | None:
        """None once everything up to `entry_id` was delivered here; until then, where to park for the next look."""
        if parse_stream_id(self._ids[shard]) >= entry_id:
            return None
        return self._moved

    async def run(
        self,
        deliver: Deliver,
        *,
        task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Read and deliver. Started once it is known where every stream ends, so what comes after is delivered."""
        backoff = Backoff()
        while True:
            try:
                await self._begin(deliver)
                if not self.healthy:
                    self._set_healthy(True)
                task_status.started()
                task_status = trio.TASK_STATUS_IGNORED
                while await self._read(deliver):
                    backoff.reset()
            except StoreUnavailable as fault:
                if self.healthy:
                    _log.warning("the bus is away", why=str(fault))
                self._set_healthy(False)
                await trio.sleep(backoff.next())

    async def _begin(self, deliver: Deliver) -> None:
        """Where to read from. A new epoch is told as the bus would tell it; what is older need not be read any more."""
        for shard in range(SHARDS):
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
        """Read once and deliver; False when what lies between this and the last time may be gone.

        In traffic, the reader rests for as long as the delivery took: what comes meanwhile is delivered together, and a
        member costs one system call for all of it. A lone message is never kept waiting.
        """
        read = await self._bus.read(self._ids, most=BATCH, wait=BLOCK)
        if self._was_away_too_long():
            return False
        self._read_at = trio.current_time()
        for shard, entries in read:
            await deliver(shard, entries)
            self._ids[shard], self._epochs[shard] = entries[-1].id, entries[-1].epoch
        self._moved.unpark_all()
        if sum(len(entries) for _, entries in read) > 1:
            await trio.sleep(min(trio.current_time() - self._read_at, REST))
        return True

    def _was_away_too_long(self) -> bool:
        """Whether the streams may have been trimmed beyond what we have read (the process was frozen, or the net cut)."""
        return trio.current_time() - self._read_at > KEPT - MARGIN

    def _set_healthy(self, healthy: bool) -> None:
        self.healthy = healthy
        _up.set(healthy)
        if healthy:
            _log.info("reading the bus")
