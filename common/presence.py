"""Where presence is kept in Redis, as far as both programs look there. What chatd's register writes is its own affair."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from common.redis import Redis

Here = Literal["online", "away"]

TAG: Final = "{presence}"  # one hash tag: one slot of a cluster
PEOPLE: Final = f"{TAG}:people"  # a hash with a field for everybody who is online or away
AWAY: Final = f"{TAG}:away"  # a set of those of them who are away
_MOST: Final = 500  # users in one call: none is to hold the server for longer than a few milliseconds


async def count_people(redis: Redis) -> int:
    """How many people are here, over all replicas. Raises `StoreUnavailable`."""
    count: int = await redis.call("HLEN", PEOPLE)
    return count


async def who_is_here(redis: Redis, users: Sequence[str]) -> dict[str, Here]:
    """Those of `users` who are online or away: what was told, so who left a moment ago still is. One round trip.

    Who may know of it is not asked here. Raises `StoreUnavailable`.
    """
    parts = [users[start : start + _MOST] for start in range(0, len(users), _MOST)]
    replies = await redis.calls(
        [
            (command, key, *part)
            for part in parts
            for command, key in (("HMGET", PEOPLE), ("SMISMEMBER", AWAY))
        ]
    )
    found: dict[str, Here] = {}
    for part, tallies, away in zip(parts, replies[::2], replies[1::2], strict=True):
        for user, tally, is_away in zip(part, tallies, away, strict=True):
            if tally is not None:
                found[user] = "away" if is_away else "online"
    return found
