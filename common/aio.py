"""The crossing between Trio and the asyncio drivers; the only importer of trio_asyncio.

`open_loop()` stands once around a whole program. `across(fn, *args)` runs an asyncio coroutine function on that loop
from a Trio task, and is cancelled with it. A crossing costs about 30 µs, so a caller crosses once for a whole
transaction or batch, never once a statement.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, ParamSpec, TypeVar

import trio_asyncio

from common.logs import get_logger

P = ParamSpec("P")
T = TypeVar("T")
_log = get_logger(__name__)


@asynccontextmanager
async def open_loop() -> AsyncIterator[None]:
    """The loop that `across` runs on.

    An error that a driver leaves in a future nobody awaits is logged, as asyncio does by itself. trio-asyncio would end
    the program for it; and asyncpg leaves one whenever a connection is cut under a statement that was cancelled.
    """
    async with trio_asyncio.open_loop() as loop:
        loop.set_exception_handler(_log_dropped)
        yield


def _log_dropped(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    _log.warning("a driver dropped an error", what=context.get("message"), exc_info=context.get("exception"))


async def across(fn: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of `await fn(*args, **kwargs)`, awaited on the asyncio side."""
    result: T = await trio_asyncio.aio_as_trio(fn)(*args, **kwargs)
    return result
