"""Emoticons: which emoji a name stands for, and how many a room is shown in a second.

Each of a room's people shows them to all others, so a large room could drown in them. What is above its measure is not
shown; nobody misses it among the rest.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from chatd.core.ratelimit import TokenBucket

NAMED: Final = {"happy": "😄", "love": "😍", "bad": "👎", "sad": "😢"}
RATE: Final = 20.0  # a second that one replica shows one room
BURST: Final = 60.0
_ROOMS: Final = 1000  # remembered at once; who is forgotten has a full measure again


class Emotes:
    """What rooms are shown. Times are seconds of any one monotonic clock."""

    def __init__(self) -> None:
        self._rooms: OrderedDict[str, TokenBucket] = OrderedDict()

    def may_show(self, room: str, now: float) -> bool:
        """Whether a room is shown one more."""
        bucket = self._rooms.setdefault(room, TokenBucket(RATE, BURST, now))
        self._rooms.move_to_end(room)
        if len(self._rooms) > _ROOMS:
            self._rooms.popitem(last=False)
        return not bucket.take(now)
