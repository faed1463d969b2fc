"""Where presence is kept in Redis, as far as both programs look there. What chatd's register writes is its own affair."""

from __future__ import annotations

from typing import Final

from common.redis import Redis

TAG: Final = "{presence}"  # one hash tag: one slot of a cluster
PEOPLE: Final = f"{TAG}:people"  # a hash with a field for everybody who is online or away


async def count_people(redis: Redis) -> int:
    """How many people are here, over all replicas. Raises `StoreUnavailable`."""
    count: int = await redis.call("HLEN", PEOPLE)
    return count
