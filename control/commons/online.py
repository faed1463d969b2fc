"""How many people are here, asked of Redis every few seconds by each process, so that no request has to.

Anybody may ask for the number, at any rate: the answer comes from memory. While Redis is away it is the last one known;
once that is older than `STALE`, it is not known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NoReturn

import trio

from common.errors import MadangError, StoreUnavailable
from common.logs import get_logger
from common.presence import count_people
from common.redis import Redis
from common.supervise import jittered
from common.units import SECONDS, to_ms

EVERY: Final = 2 * SECONDS
STALE: Final = 60 * SECONDS

_log = get_logger(__name__)


class OnlineCount:
    """The number, and when it was so (milliseconds since 1970 UTC)."""

    def __init__(self, redis: Redis, clock: Callable[[], int]) -> None:
        self._redis = redis
        self._clock = clock
        self._known: tuple[int, int] | None = None
        self._failing = False

    def current(self) -> tuple[int, int]:
        """The number and its time. Raises `unavailable` when it is not known, or no longer."""
        if self._known is None or self._clock() - self._known[1] > to_ms(STALE):
            raise MadangError("unavailable", retry_after_ms=to_ms(EVERY))
        return self._known

    async def run(self) -> NoReturn:
        """Ask, for ever."""
        while True:
            await self.ask()
            await trio.sleep(jittered(EVERY))

    async def ask(self) -> None:
        """Ask now. What cannot be known now is as it was."""
        try:
            self._known = (await count_people(self._redis), self._clock())
            self._failing = False
        except StoreUnavailable as fault:
            if not self._failing:
                _log.warning("how many people are online cannot be known now", why=str(fault))
            self._failing = True
