"""Reads the bus: every shard, from explicit ids, for ever; each batch goes to the hub before the next is read.

A reader that loses Redis keeps its ids and comes back to them, with jittered back-off. Every replica reads everything,
so there is no consumer group.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import trio

from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Gauge
from common.roomlog.bus import Bus
from common.roomlog.position import Entry, StreamId, parse_stream_id
from common.supervise import Backoff
from common.units import SECONDS

_log = get_logger(__name__)
_up = Gauge("madang_chatd_bus_up", "1 while this replica reads the bus.")

BATCH: Final = 1000
BLOCK: Final = 5 * SECONDS


class BusReader:
    """How far this replica has read each shard."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._ids: dict[int, bytes] = {}
        self._moved = trio.lowlevel.ParkingLot()
        self.healthy = False

    def reached(self, shard: int, entry_id: StreamId) -> trio.lowlevel.ParkingLot | None:
        """None once everything up to `entry_id` was delivered here; until then, where to park for the next look."""
        if parse_stream_id(self._ids[shard]) >= entry_id:
            return None
        return self._moved

    async def run(
        self,
        deliver: Callable[[Sequence[Entry]], Awaitable[None]],
        *,
        task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED,
    ) -> None:
        """Read and deliver. Started once it is known where every stream ends, so what comes after is delivered."""
        backoff = Backoff()
        while True:
            try:
                await self._begin()
                if not self.healthy:
                    self._set_healthy(True)
                task_status.started()
                task_status = trio.TASK_STATUS_IGNORED
                while True:
                    for shard, entries in await self._bus.read(self._ids, most=BATCH, wait=BLOCK):
                        await deliver(entries)
                        self._ids[shard] = entries[-1].id
                    self._moved.unpark_all()
                    backoff.reset()
            except StoreUnavailable as fault:
                if self.healthy:
                    _log.warning("the bus is away", why=str(fault))
                self._set_healthy(False)
                await trio.sleep(backoff.next())

    async def _begin(self) -> None:
        """Where to read from. A stream that now ends before what we have read was lost: everything in it is new."""
        for shard, last in (await self._bus.last_ids()).items():
            ours = self._ids.get(shard)
            if ours is None or parse_stream_id(last) < parse_stream_id(ours):
                self._ids[shard] = last if ours is None else b"0-0"

    def _set_healthy(self, healthy: bool) -> None:
        self.healthy = healthy
        _up.set(healthy)
        if healthy:
            _log.info("reading the bus")
