"""Changes on their way into the log, which no state shows yet: who makes them takes turns, and limits count them.

Of one person's one emoji on one message there is one change at a time on this replica, so that the next sees what the
last one did. Where there is a limit, what others add here meanwhile counts, too.

Over replicas the bus is the arbiter: whoever adds says how much of the stream was seen when it was counted, and is refused
a place when another replica changed the count after that (`Claim`); then it is counted again. So limits are exact however
many act at once, and a change waits for another one only when the two met. A bus that begins anew has forgotten what it gave
places last: what was not in the log by then may pass a limit, by as much as was on its way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

import trio

from common.ids import uuid7
from common.roomlog.position import Claim, StreamId

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
        self._watching: dict[K, list[set[V]]] = defaultdict(list)

    @contextmanager
    def watched(self, key: K) -> Iterator[set[V]]:
        """What is on its way there now, and whatever sets out before the end of the block, be it there by then."""
        seen = set(self._coming.get(key, ()))
        self._watching[key].append(seen)
        try:
            yield seen
        finally:
            here = self._watching[key]
            here[:] = [each for each in here if each is not seen]
            if not here:
                del self._watching[key]

    def begin(self, key: K, value: V) -> None:
        """It is on its way."""
        self._coming[key][value] += 1
        for seen in self._watching.get(key, ()):
            seen.add(value)

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
        self._by = uuid7()

    def claim(self, tally: str, *, changes: bool, seen: StreamId | None) -> Claim:
        """What a change hangs on where there is a limit. `seen`: how far the bus was heard before it was counted."""
        return Claim(tally, self._by, changes, seen)
