"""One frame for very many connections that are in no hurry to hear it.

A room's listeners are served at once. What everybody here is told goes to some at a time with a rest between, so that a
busy room waits for none of it, and so that what clients do about it does not all come at once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, Protocol

import trio

from chatd.news import BREATH, SPARE
from common.supervise import jittered
from common.units import MILLISECONDS

REST: Final = 50 * MILLISECONDS


class Listener(Protocol):
    """A connection, as far as it is told."""

    @property
    def backlog(self) -> float:
        """How full the outbox is, from 0 (nothing waits) to 1."""

    def send_nowait(self, data: bytes) -> bool:
        """Hand over whole frames; False when they will not arrive."""


async def spread(audience: Sequence[Listener], frames: bytes, *, here: Collection[Listener]) -> None:
    """Hand `frames` to everybody of `audience` who is still `here` when it is their turn.

    It is news: whoever has much to read yet is not told, and finds out by asking. A cancellation leaves some untold.
    """
    for begin in range(0, len(audience), BREATH):
        if begin:
            await trio.sleep(jittered(REST))
        for who in audience[begin : begin + BREATH]:
            if who in here and who.backlog < SPARE:
                who.send_nowait(frames)
