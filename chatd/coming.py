"""Changes on their way into the log, which no state shows yet: who makes them takes turns, and limits count them.

Of one person's one emoji on one message there is one change at a time on this replica, so that the next sees what the
last one did. What others add meanwhile counts where there is a limit. Other replicas do not know of it: a limit may be
passed by as many as race for its last place on different replicas.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable
from typing import Generic, TypeVar

import trio

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Hashable)


class Turns:
    """One at a time for each key."""

    def __init__(self) -> None:
        self._taken: dict[Hashable, trio.Event] = {}

    async def take(self, key: Hashable) -> None:
        """Wait until nobody has this turn, and take it."""
        while (taken := self._taken.get(key)) is not None:
            await taken.wait()
        self._taken[key] = trio.Event()

    def give_back(self, key: Hashable) -> None:
        """The next may have it."""
        self._taken.pop(key).set()


class Coming(Generic[K, V]):
    """What is on its way, by what it is counted in."""

    def __init__(self) -> None:
        self._coming: dict[K, Counter[V]] = defaultdict(Counter)

    def to(self, key: K) -> Collection[V]:
        """What is on its way there."""
        return list(self._coming.get(key, ()))

    def begin(self, key: K, value: V) -> None:
        """It is on its way."""
        self._coming[key][value] += 1

    def end(self, key: K, value: V) -> None:
        """It is there, or will not come."""
        here = self._coming[key]
        here[value] -= 1
        if not here[value]:
            del here[value]
        if not here:
            del self._coming[key]


class Changes:
    """The changes of this replica's people that are on their way."""

    def __init__(self) -> None:
        self.turns = Turns()
        self.emoji: Coming[tuple[str, int], str] = Coming()  # by room and seq of the message
        self.pins: Coming[str, int] = Coming()  # by room
