"""What was freed, given back to the system.

The C library keeps whatever lies between two pieces of memory that are in use; in a program where pieces of all sizes come
and go, as messages do, that adds up for as long as it runs.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Final

import trio

from common.supervise import jittered
from common.units import MINUTES

EVERY: Final = 1 * MINUTES

_trim: Callable[[int], object] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it


async def give_back() -> None:
    """Give back what was freed, every now and then, for ever. It takes less than a millisecond."""
    while _trim is not None:
        await trio.sleep(jittered(EVERY))
        _trim(0)
    await trio.sleep_forever()
