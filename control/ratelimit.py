"""Rate limits: GCRA in Redis, one atomic script for all the limits of a request.

GCRA (ITU-T I.371; "leaky bucket as a meter") keeps one number a key, the theoretical arrival time. `Rate(10, per=60)`
lets ten pass at once and then one every six seconds. A request that meets several limits takes from all or from none,
so whoever is refused by one does not use up the others. What is counted by (an address, an e-mail) is hashed before it
becomes a key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from common.errors import MadangError
from common.redis import Redis

_TAKE: Final = """
local now = tonumber(ARGV[1])
if now == 0 then
  local time = redis.call('TIME')
  now = time[1] * 1000 + time[2] / 1000
end
local arrivals, wait = {}, 0
for i, key in ipairs(KEYS) do
  local interval, burst = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
  local arrival = math.max(tonumber(redis.call('GET', key) or 0), now) + interval
  wait = math.max(wait, arrival - interval * burst - now)
  arrivals[i] = arrival
end
if wait > 0.5 then return math.ceil(wait) end
for i, key in ipairs(KEYS) do
  redis.call('SET', key, string.format('%.3f', arrivals[i]), 'PX', math.ceil(arrivals[i] - now) + 1000)
end
return 0
"""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` at once, refilled evenly over `per` seconds."""

    count: int
    per: float


class RateLimits:
    """All limits of this deployment; every control process meets the same ones.

    `scale` multiplies every count: a school behind one address needs more than a household. `now_ms` is Redis's own
    clock unless a test gives another.
    """

    def __init__(self, redis: Redis, *, scale: float = 1.0, now_ms: Callable[[], int] | None = None) -> None:
        self._redis = redis
        self._scale = scale
        self._now_ms = now_ms
        self._take = redis.script(_TAKE)

    async def take(self, *claims: tuple[str, Rate]) -> None:
        """Take one from each of `(what is counted, its rate)`, or raise `rate_limited` with the time to wait."""
        arguments: list[float] = [self._now_ms() if self._now_ms else 0]
        for _, rate in claims:
            burst = rate.count * self._scale
            arguments += [rate.per * 1000 / burst, burst]
        wait: int = await self._take([_key(what) for what, _ in claims], arguments)
        if wait:
            raise MadangError("rate_limited", retry_after_ms=wait)

    async def forget(self, what: str) -> None:
        """Give back all that was taken from `what`."""
        await self._redis.call("DEL", _key(what))


def _key(what: str) -> str:
    return "{control}:rate:" + blake2b(what.encode(), digest_size=16).hexdigest()
