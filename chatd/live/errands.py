"""What a store has to be told in the end, though nobody waits for it: of each shard in order, until it took it.

A shard whose store is away keeps no other's errands waiting. What gathers for it meanwhile is bounded: the newest stay,
for what they end or change may still stand, and what is dropped leases do by themselves.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

import trio

from common.errors import StoreUnavailable
from common.roomlog.position import SHARDS, shard_of
from common.supervise import keep_trying

MOST: Final = 1000  # that may wait for one shard

Errand = Callable[[], Awaitable[object]]


class Errands:
    """Those of one replica. An errand raises `StoreUnavailable` to be tried again."""

    def __init__(self) -> None:
        self._lanes = [_Lane() for _ in range(SHARDS)]

    def send(self, room: str, errand: Errand) -> None:
        """Have it done, after those that were sent before for rooms of its shard. Never fails, never waits."""
        self._lanes[shard_of(room)].send(errand)

    async def run(self) -> None:
        """Do them, for ever."""
        async with trio.open_nursery() as nursery:
            for lane in self._lanes:
                nursery.start_soon(lane.run)


class _Lane:
    """Those for one shard."""

    def __init__(self) -> None:
        self._waiting: deque[Errand] = deque(maxlen=MOST)
        self._sent = trio.Event()

    def send(self, errand: Errand) -> None:
        self._waiting.append(errand)
        self._sent.set()

    async def run(self) -> None:
        while True:
            await self._sent.wait()
            while self._waiting:
                await keep_trying("tell of calls", self._waiting.popleft(), StoreUnavailable)
            self._sent = trio.Event()
