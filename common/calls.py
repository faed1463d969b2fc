"""Where the calls of rooms are written in Redis: what chatd keeps, and control looks at."""

from __future__ import annotations

from collections.abc import Sequence

from common.redis import Redis
from common.roomlog.position import shard_of

VERSION = b"version"  # the one field of a call's hash that is no peer


def call_key(room: str) -> str:
    """The hash of a room's call. The hash tag keeps it in one slot with its shard."""
    return f"{{s{shard_of(room)}}}:call:{room}"


async def rooms_with_calls(redis: Redis, rooms: Sequence[str]) -> set[str]:
    """Those of `rooms` in whose call somebody is now. Raises `StoreUnavailable`."""
    questions = [(command, call_key(room), *more) for room in rooms for command, *more in _QUESTIONS]
    replies = await redis.calls(questions)
    return {
        room
        for room, fields, versions in zip(rooms, replies[::2], replies[1::2], strict=True)
        if fields > versions
    }


_QUESTIONS: tuple[tuple[str | bytes, ...], ...] = (("HLEN",), ("HEXISTS", VERSION))
