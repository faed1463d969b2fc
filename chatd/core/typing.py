"""Who is typing, told no more often than is of use.

A telling lives `LIFE` where it is heard, so that nobody types for ever whose connection died: as long as somebody
types, their client says so every few seconds, and one in `EVERY` is passed on. That they stopped is passed on once.
"""

from __future__ import annotations

from typing import Final

from common.units import SECONDS

EVERY: Final = 3 * SECONDS
LIFE: Final = 6 * SECONDS

Key = tuple[str, str]  # user, room


class Typing:
    """The tellings of the last seconds. Times are seconds of any one monotonic clock."""

    def __init__(self) -> None:
        self._told: dict[
            Key, tuple[float, bool]
        ] = {}  # since when, and whether they still type; oldest first

    @property
    def remembered(self) -> int:
        """How many tellings are kept, some of which may have run out."""
        return len(self._told)

    def is_news(self, user: str, room: str, *, on: bool, now: float) -> bool:
        """Whether to pass it on that `user` types, or has stopped."""
        self._forget(now)
        at, typing = self._told.get((user, room), (now - LIFE, False))
        if not on:
            if typing:
                self._told[user, room] = (at, False)  # in its place: it still counts for `EVERY`
            return typing
        if now - at < EVERY:
            return False
        self._told.pop((user, room), None)
        self._told[user, room] = (now, True)
        return True

    def _forget(self, now: float) -> None:
        """Forget what has run out."""
        while self._told:
            oldest = next(iter(self._told))
            if now - self._told[oldest][0] < LIFE:
                break
            del self._told[oldest]
