"""A token bucket: so many at once, so many a second after that."""

from __future__ import annotations


class TokenBucket:
    """Holds up to `burst` tokens and gains `rate` a second; begins full.

    Times are seconds of any one monotonic clock.
    """

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = burst
        self._at = now

    def take(self, now: float, tokens: float = 1) -> float:
        """Take tokens: 0 when there were enough, else the seconds until there will be, and none is taken.

        A negative number gives some back.
        """
        self._tokens = min(self._burst, self._tokens + max(0.0, now - self._at) * self._rate)
        self._at = now
        if self._tokens >= tokens:
            self._tokens = min(self._burst, self._tokens - tokens)
            return 0.0
        return (tokens - self._tokens) / self._rate
