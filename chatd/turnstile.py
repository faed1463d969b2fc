"""Breath for the others: of those who all wake at the same moment, so many go on in one pass of the scheduler.

Trio runs everybody who is ready before it looks at anything new. When thousands of connections end at once, whoever
comes after them, such as the reader of the bus, waits until each of the thousands had its step. Here they queue instead,
first come, first served, and everybody else has a turn after every few of them: after as many as take `PASS` together
with all that others do, which is found out on the way. Nobody who is served queues here.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import trio

from common.units import MILLISECONDS

MOST: Final = 50  # in a pass, or in `WINDOW`
WINDOW: Final = 5 * MILLISECONDS
# Of our own work: what a message that comes meanwhile may wait at each of its steps.
PASS: Final = 5 * MILLISECONDS


class Turnstile:
    """Used before a step that thousands may want to take at once."""

    def __init__(self, worked: Callable[[], float] = time.thread_time) -> None:
        """`worked`: for how many seconds this thread has worked; what it waits for a processor, it waits for others."""
        self._worked = worked
        self._queue = trio.lowlevel.ParkingLot()
        self._queued = trio.Event()
        self._passed = 0
        self._until = 0.0
        self._most = MOST  # at this moment

    async def turn(self) -> None:
        """Return at once, without a checkpoint, as long as few come; else when it is our turn."""
        now = trio.current_time()
        if now >= self._until:
            self._until, self._passed = now + WINDOW, 0
        if self._passed < self._most and not self._queue:
            self._passed += 1
            return
        self._queued.set()
        await self._queue.park()

    async def run(self) -> None:
        """Let through those who queue, for ever. A task of the program's own nursery."""
        while True:
            await self._queued.wait()
            self._queued = trio.Event()
            while self._queue:
                began = self._worked()
                self._queue.unpark(count=self._most)
                await trio.lowlevel.checkpoint()
                self._learn(self._worked() - began)
            self._most = MOST

    def _learn(self, took: float) -> None:
        """Fewer at once after a pass that took too long, one more after one that did not."""
        self._most = max(1, self._most // 2) if took > PASS else min(MOST, self._most + 1)
