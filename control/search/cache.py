"""What was found, kept in Redis for all processes: rankings, by kind, generation and words.

There are `PLACES` places for each kind and way of searching, and one ranking lies in each: what was put there last, with a
mark of its generation and its words. So however much is sought, and however often everything changes, the server that
carries the news of rooms gives no more than some 25 MB for it. A cache may only ever save time: when Redis is
away, slow or confused, there is none for a moment.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final, NamedTuple
from uuid import UUID

import trio

from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter
from common.redis import Redis, RedisRefusal
from common.units import MINUTES, SECONDS, to_ms
from control.search.generations import Generations
from control.search.views import Kind

LIFE: Final = 5 * MINUTES
PLACES: Final = 2048  # of 2.4 KB at most
PATIENCE: Final = 0.2 * SECONDS  # with Redis: to search again takes no longer
_PAUSE: Final = 2 * SECONDS  # after Redis did not answer

_log = get_logger(__name__)
# Hit, miss, none.
_lookups = Counter("madang_control_search_lookups_total", "Rankings asked of the cache.", ["outcome"])


class Ranked(NamedTuple):
    """Something that was found, and how well it fits."""

    id: str
    score: float


class Slot(NamedTuple):
    """A place in the cache, the mark of what is sought, and what lies there under it. Without a key there is no cache now."""

    kind: Kind
    key: str | None
    mark: bytes
    ranking: list[Ranked] | None


_MARK: Final = 16  # bytes
_entry: Final = struct.Struct("<16sd")  # the id, the score


class Cache:
    """The rankings that are kept."""

    def __init__(self, redis: Redis, generations: Generations) -> None:
        self._redis = redis
        self._generations = generations
        self._away_until = -float("inf")

    async def look_up(self, how: str, text: str, kinds: Sequence[Kind]) -> list[Slot]:
        """For each kind what was found for `text`. `how` tells ways of searching apart."""
        words = blake2b(f"{how}\0{text}".encode(), digest_size=_MARK).digest()
        place = int.from_bytes(words[:8]) % PLACES
        empty = [self._empty(f"{{control}}:search:{how}:{kind}:{place}", words, kind) for kind in kinds]
        keys = [slot.key for slot in empty if slot.key is not None]
        answers = await self._call([("GET", key) for key in keys])
        held = {} if answers is None else dict(zip(keys, answers, strict=True))
        return [_filled(slot, held) for slot in empty]

    async def keep(self, slot: Slot, ranking: list[Ranked]) -> None:
        """Keep what was found for a slot that was empty."""
        if slot.key is not None:
            entries = [_entry.pack(UUID(each.id).bytes, each.score) for each in ranking]
            await self._call([("SET", slot.key, slot.mark + b"".join(entries), "PX", to_ms(LIFE))])

    def _empty(self, key: str, words: bytes, kind: Kind) -> Slot:
        generation = self._generations.of(kind)
        if generation is None:
            return Slot(kind, None, b"", None)
        return Slot(kind, key, blake2b(words + generation.encode(), digest_size=_MARK).digest(), None)

    async def _call(self, commands: list[tuple[str | bytes | int, ...]]) -> list[bytes | None] | None:
        """The answers; None when Redis has none now."""
        if not commands or trio.current_time() < self._away_until:
            return None if commands else []
        why = "no answer in time"
        with trio.move_on_after(PATIENCE):
            try:
                return await self._redis.calls(commands)
            except (StoreUnavailable, RedisRefusal) as fault:
                why = str(fault)
        self._away_until = trio.current_time() + _PAUSE
        _log.warning("searches are not cached for a moment", why=why)
        return None


def _filled(slot: Slot, held: dict[str, bytes | None]) -> Slot:
    """The slot with what `held` has for it, by key."""
    if slot.key is None or slot.key not in held:
        _lookups.labels("none").inc()
        return slot._replace(key=None)
    found = held[slot.key]
    if found is None or not found.startswith(slot.mark):
        _lookups.labels("miss").inc()
        return slot
    _lookups.labels("hit").inc()
    entries = _entry.iter_unpack(found[_MARK:])
    return slot._replace(ranking=[Ranked(str(UUID(bytes=of)), score) for of, score in entries])
