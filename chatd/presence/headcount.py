"""How many people are here, over all rooms and replicas: told to those who asked to hear it, when it has changed.

One question every few seconds, however many listen, and none while nobody does.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import trio

from common import protocol
from common.codec import push_frame
from common.errors import StoreUnavailable
from common.supervise import jittered
from common.units import SECONDS

EVERY: Final = 2 * SECONDS
BREATH: Final = 500  # listeners served before others may run


class Listener(Protocol):
    """A connection, as far as it is told."""

    def send_nowait(self, data: bytes) -> bool:
        """Hand over whole frames; False when they will not arrive."""


class Headcount:
    """Those who listen, and what each was told last. `ask` answers the number; it may raise `StoreUnavailable`."""

    def __init__(self, ask: Callable[[], Awaitable[int]]) -> None:
        self._ask = ask
        self._known: tuple[float, int] | None = None  # when, and how many
        self._told: dict[Listener, int] = {}
        self._watched = trio.Event()

    async def current(self) -> int:
        """The number, a moment old at most. Raises `StoreUnavailable`."""
        await trio.lowlevel.checkpoint()
        if self._known is None or self._known[0] + EVERY <= trio.current_time():
            self._known = (trio.current_time(), await self._ask())
        return self._known[1]

    def watch(self, who: Listener, told: int) -> None:
        """`who` was told a number, and hears of every other from now on, until `forget`."""
        self._told[who] = told
        self._watched.set()

    def forget(self, who: Listener) -> None:
        """`who` hears of it no more. Never fails."""
        self._told.pop(who, None)

    async def run(self) -> None:
        """Tell, for ever. What cannot be known now is told later."""
        while True:
            await self._watched.wait()
            while self._told:
                await trio.sleep(jittered(EVERY))
                try:
                    await self._tell(await self._ask())
                except StoreUnavailable:
                    continue
            self._watched = trio.Event()

    async def _tell(self, count: int) -> None:
        self._known = (trio.current_time(), count)
        frame = push_frame(protocol.Online(count=count))
        for number, (who, told) in enumerate(list(self._told.items()), 1):
            if told != count and who in self._told:  # still: they may have left during a breath
                self._told[who] = count
                who.send_nowait(frame)
            if number % BREATH == 0:
                await trio.lowlevel.checkpoint()
