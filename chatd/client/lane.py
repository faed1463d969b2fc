"""Commands on their way: one `Call` each, and the `Lane` that keeps those of one room in order. Pure."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct

from chatd.client.errors import ClientError
from common.protocol import AnyCommand

WINDOW: Final = 16  # unanswered calls of one lane


@dataclass(slots=True, eq=False)
class Call:
    """One command until its answer. `number` is its place in the order of making; `answer` the Struct of its `ok`."""

    number: int
    command: AnyCommand
    answer: type[Struct]
    room: str | None = None
    refusals: int = 0
    sent_at: float = 0.0
    outcome: Struct | ClientError | None = None
    abandoned: bool = False

    @property
    def over(self) -> bool:
        """Whether nobody waits for its answer any more."""
        return self.abandoned or self.outcome is not None

    def __lt__(self, other: Call) -> bool:
        return self.number < other.number


@dataclass(slots=True, eq=False)
class Lane:
    """Calls that wait to be written, in the order of their making however often they come back.

    At most `WINDOW` of them are unanswered. Nothing leaves before `hold_until`, which a refusal for the moment sets.
    """

    hold_until: float = 0.0
    unanswered: int = 0
    _waiting: list[Call] = field(default_factory=list)

    def add(self, call: Call) -> None:
        """Take a new call, or one that has to go again."""
        heapq.heappush(self._waiting, call)

    def ready_at(self) -> float:
        """When `next` will have a call; infinity when nothing waits or the window is full."""
        while self._waiting and self._waiting[0].over:
            heapq.heappop(self._waiting)
        return self.hold_until if self._waiting and self.unanswered < WINDOW else math.inf

    def next(self) -> Call:
        """The first call, counted as unanswered from here on. Only when `ready_at` has come."""
        self.unanswered += 1
        return heapq.heappop(self._waiting)

    def drain(self) -> list[Call]:
        """Everything that waits; the lane is empty afterwards."""
        waiting, self._waiting = self._waiting, []
        return [call for call in sorted(waiting) if not call.over]
