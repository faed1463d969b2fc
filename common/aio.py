"""The crossing between Trio and the asyncio drivers; the only importer of trio_asyncio.

`open_loop()` stands once around a whole program. `across(fn, *args)` runs an asyncio coroutine function on that loop
from a Trio task, and is cancelled with it. A crossing costs about 30 µs, so a caller crosses once for a whole
transaction or batch, never once a statement.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

import trio_asyncio

P = ParamSpec("P")
T = TypeVar("T")

open_loop = trio_asyncio.open_loop


async def across(fn: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of `await fn(*args, **kwargs)`, awaited on the asyncio side."""
    result: T = await trio_asyncio.aio_as_trio(fn)(*args, **kwargs)
    return result
