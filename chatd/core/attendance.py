"""Who is in which room on this replica, as stays that begin and end. Pure: it is told what is so now and then.

A stay begins when somebody is first seen in a room and ends when they were last seen there, once they have not been
for a while: who loses the connection and comes back was there all the time. None lasts longer than `LONGEST`; what goes on
is another stay then. What was seen once and not again is no stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from common.units import HOURS, to_ms

LONGEST: Final = to_ms(6 * HOURS)
MOST: Final = 20_000  # ended stays that wait to be written; past it the oldest are lost

Key = tuple[str, str]  # user, room


@dataclass(slots=True, eq=False)
class Stay:
    """Somebody in a room. Times are milliseconds since 1970; `left` is None while it lasts."""

    id: str
    user: str
    room: str
    entered: int
    seen: int
    left: int | None = None


class Attendance:
    """The stays of one replica. `new_id` names them; who is not seen for `calm` milliseconds has left."""

    def __init__(self, new_id: Callable[[], str], calm: int) -> None:
        self._new_id = new_id
        self._calm = calm
        self._here: dict[Key, Stay] = {}
        self._unwritten: dict[Stay, None] = {}  # the oldest first
        self._lost = 0

    def see(self, here: Iterable[Key], now: int) -> None:
        """These people are in these rooms now. Others may be, too: `settle` after the last of them."""
        for key in here:
            stay = self._here.get(key)
            if (
                stay is not None and now - stay.seen >= self._calm
            ):  # nobody looked for as long: it was not seen to go on
                self._end(stay)
                stay = None
            if stay is None:
                self._here[key] = Stay(self._new_id(), *key, entered=now, seen=now)
                continue
            if now <= stay.seen:
                continue  # by another device, or the clock stepped back
            if now - stay.entered > LONGEST:
                self._end(stay)
                stay = self._here[key] = Stay(self._new_id(), *key, entered=stay.seen, seen=stay.seen)
            if stay.seen == stay.entered:
                self._unwritten[stay] = None
            stay.seen = now

    def settle(self, now: int) -> None:
        """Everybody was seen who is here now."""
        for stay in [each for each in self._here.values() if now - each.seen >= self._calm]:
            self._end(stay)

    def end(self) -> None:
        """Nobody is here any more: the replica stops."""
        for stay in list(self._here.values()):
            self._end(stay)

    def forgotten(self) -> None:
        """Others took this replica for dead, and ended its stays; they are to be written anew."""
        self._unwritten |= {stay: None for stay in self._here.values() if stay.seen > stay.entered}

    def unwritten(self, most: int) -> list[Stay]:
        """Stays that began or ended since they were written, at most so many."""
        return list(islice(self._unwritten, most))

    def written(self, stays: Iterable[Stay]) -> None:
        """They have been written as they are."""
        for stay in stays:
            self._unwritten.pop(stay, None)

    def take_lost(self) -> int:
        """How many were lost since this was asked last."""
        lost, self._lost = self._lost, 0
        return lost

    def _end(self, stay: Stay) -> None:
        del self._here[stay.user, stay.room]
        if stay.seen == stay.entered:
            return
        stay.left = stay.seen
        self._unwritten[stay] = None
        while len(self._unwritten) > MOST + len(self._here):
            del self._unwritten[next(iter(self._unwritten))]
            self._lost += 1
