"""The search for cyclic garbage: among young objects often, among all of them seldom.

By itself Python looks through everything it holds whenever that has grown by a quarter: in a replica with thousands of
connections that is some tenths of a second in which nobody is served, and it comes just when a herd arrives. So what is
there at the start is never looked at again, and the rest every now and then. Little is there to be found: a connection
is made to be free of cycles by its end, and goes with its last reference.
"""

from __future__ import annotations

import gc
from typing import Final

import trio

from common.supervise import jittered
from common.units import MINUTES

EVERY: Final = 10 * MINUTES
_YOUNG: Final = 2_000  # objects made and not yet freed, before they are looked at
_MIDDLE: Final = 2  # such looks, before those that survived them are: six thousand in some six milliseconds
_NEVER: Final = 1_000_000_000


def settle() -> None:
    """What is there now stays; from here on nobody looks through everything but `tidy`."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)


async def tidy() -> None:
    """Look through everything once in a while, for ever."""
    while True:
        await trio.sleep(jittered(EVERY))
        gc.collect()
