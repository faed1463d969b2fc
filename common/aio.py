"""The crossing between Trio and the asyncio drivers; the only importer of trio_asyncio.

`open_loop()` stands once around a whole program. `across(fn, *args)` runs an asyncio coroutine function on that loop
from a Trio task, and is cancelled with it. A crossing costs about 30 µs, so a caller crosses once for a whole
transaction or batch, never once a statement.

trio-asyncio keeps a timer that was cancelled until its time has come. asyncpg cancels several with every statement, one of
which (how long a connection of the pool may idle) would have come after five minutes: at a thousand statements a second
that is some hundred megabytes of timers that nobody waits for, each with the context of the request that it was set in.
Here they go as asyncio's own loop lets them go, when they are many and most of those that are kept.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, ParamSpec, TypeVar

import trio_asyncio

from common.logs import get_logger

P = ParamSpec("P")
T = TypeVar("T")
_log = get_logger(__name__)

_MANY: Final = 100  # cancelled timers, before anybody looks for them (asyncio's own number)


@asynccontextmanager
async def open_loop() -> AsyncIterator[None]:
    """The loop that `across` runs on.

    An error that a driver leaves in a future nobody awaits is logged, as asyncio does by itself. trio-asyncio would end
    the program for it; and asyncpg leaves one whenever a connection is cut under a statement that was cancelled.
    """
    async with trio_asyncio.open_loop() as loop:
        loop.set_exception_handler(_log_dropped)
        loop._timer_handle_cancelled = _Sweeper(loop).cancelled
        yield


class _Sweeper:
    """Lets cancelled timers go, so that there are never more than `_MANY`, or as many as are not cancelled."""

    def __init__(self, loop: trio_asyncio.TrioEventLoop) -> None:
        self._loop = loop
        self._cancelled = 0  # since the last look, be it that some are not among the timers yet

    def cancelled(self, _handle: asyncio.TimerHandle) -> None:
        """What asyncio calls with every timer that is cancelled."""
        self._cancelled += 1
        timers: list[asyncio.TimerHandle] = self._loop._timers
        if self._cancelled > max(_MANY, len(timers) / 2):
            timers[:] = [timer for timer in timers if not timer.cancelled()]
            heapq.heapify(timers)
            self._cancelled = 0


def _log_dropped(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _log.warning("a driver dropped an error", what=context.get("message"), exc_info=context.get("exception"))


async def across(fn: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of `await fn(*args, **kwargs)`, awaited on the asyncio side."""
    result: T = await trio_asyncio.aio_as_trio(fn)(*args, **kwargs)
    return result
