"""Finishes what a replica that died left between the bus and the log, and trims the bus.

Every replica runs one; a short lock in Redis lets one at a time sweep a shard. What it does twice does no harm.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Final

import trio

from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter, Gauge
from common.roomlog.bus import Placed
from common.roomlog.journal import Journal
from common.roomlog.position import Entry
from common.supervise import Backoff, jittered
from common.units import SECONDS

_log = get_logger(__name__)
_saved = Counter("madang_chatd_safety_net_entries_total", "Late entries that the safety net made durable.")
_lost = Counter(
    "madang_chatd_lost_entries_total", "Unlogged entries no longer in their stream. Should never count."
)
_unlogged = Gauge("madang_chatd_unlogged_entries", "Entries of a shard that are not durable yet.", ["shard"])

EVERY: Final = 3 * SECONDS
BATCH: Final = 500  # late entries of a shard at a time


class SafetyNet:
    """Sweeps all shards, for ever."""

    def __init__(self, journal: Journal, who: str) -> None:
        self._journal = journal
        self._who = who

    async def run(self) -> None:
        """A task of the program's own nursery. A store that is away is tried again later."""
        backoff = Backoff(first=1 * SECONDS, most=10 * SECONDS)
        while True:
            await trio.sleep(jittered(EVERY))
            swept = [await self._sweep_part(shards) for shards in self._journal.bus.parts]
            if all(swept):
                backoff.reset()
            else:
                await trio.sleep(backoff.next())

    async def _sweep_part(self, shards: Sequence[int]) -> bool:
        """Sweep shards that are away together or not at all; whether that could be done."""
        try:
            for shard in random.sample(shards, len(shards)):
                await self.sweep(shard)
        except StoreUnavailable as fault:
            _log.warning("cannot sweep", why=str(fault), shards=shards)
            return False
        return True

    async def sweep(self, shard: int) -> None:
        """Make durable what is late in one shard."""
        while found := await self._journal.bus.sweep(shard, self._who, most=BATCH):
            _unlogged.labels(str(shard)).set(found.unlogged)
            if found.lost:
                _lost.inc(found.lost)
                _log.error("unlogged entries are gone from the bus", shard=shard, count=found.lost)
            entries = found.late
            while entries:
                entries = await self._keep(entries)
            if len(found.late) < BATCH:
                return

    async def _keep(self, entries: list[Entry]) -> list[Entry]:
        """Make entries durable; what had to be placed anew is returned, to be kept next."""
        places = await self._journal.keep(entries)
        await self._journal.mark([entry for entry, place in zip(entries, places, strict=True) if place])
        displaced = [entry for entry, place in zip(entries, places, strict=True) if place is None]
        _saved.inc(len(entries) - len(displaced))
        if not displaced:
            return []
        return [
            outcome.entry
            for outcome in await self._journal.anew(displaced)
            if isinstance(outcome, Placed) and not outcome.logged
        ]
