"""Rests between batches. What comes meanwhile goes together, and the more goes together the less each costs.

A member costs a system call for each batch, a store a round trip: taken one by one in traffic, events would cost a
machine many times what they do in tens, and everybody would wait for the processor instead. So whoever worked on more than
one rests in proportion to that work, and not long. What comes alone finds nobody resting.
"""

from __future__ import annotations

from typing import NamedTuple

import trio


class Rest(NamedTuple):
    """`times` as long as the work took, `most` seconds at most."""

    times: float
    most: float

    async def after(self, began: float, batch: int) -> None:
        """Rest after work on a `batch` of so many that began at that time of Trio's clock."""
        if batch > 1:
            await trio.sleep(min(self.times * (trio.current_time() - began), self.most))
