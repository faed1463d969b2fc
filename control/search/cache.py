"""What was found, kept in Redis for all processes: rankings, by kind, generation and words.

A ranking of another generation is never asked for again, and goes with its time. A cache may only ever save time: when
Redis is away, slow or confused, there is none for a moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final, NamedTuple

import msgspec
import trio

from common.errors import StoreUnavailable
from common.logs import get_logger
from common.metrics import Counter
from common.redis import Redis, RedisRefusal
from common.units import MINUTES, SECONDS, to_ms
from control.search.generations import Generations
from control.search.views import Kind

LIFE: Final = 5 * MINUTES
PATIENCE: Final = 0.2 * SECONDS  # with Redis: to search again takes no longer
_PAUSE: Final = 2 * SECONDS  # after Redis did not answer

_log = get_logger(__name__)
_lookups = Counter(
    "madang_control_search_lookups_total", "Rankings asked of the cache.", ["outcome"]
)  # hit, miss, none


class Ranked(NamedTuple):
    """Something that was found, and how well it fits."""

    id: str
    score: float


class Slot(NamedTuple):
    """A place in the cache and what lies there. Without a key there is no cache now."""

    kind: Kind
    key: str | None
    ranking: list[Ranked] | None


_rankings: Final = msgspec.json.Decoder(list[Ranked])


class Cache:
    """The rankings that are kept."""

    def __init__(self, redis: Redis, generations: Generations) -> None:
        self._redis = redis
        self._generations = generations
        self._away_until = -float("inf")

    async def look_up(self, how: str, text: str, kinds: Sequence[Kind]) -> list[Slot]:
        """For each kind what was found for `text`. `how` tells ways of searching apart."""
        keys = {kind: self._key(how, text, kind) for kind in kinds}
        known = [key for key in keys.values() if key is not None]
        answers = await self._call([("GET", key) for key in known])
        held = dict(zip(known, answers or (), strict=True)) if answers is not None else None
        return [self._slot(kind, key, held) for kind, key in keys.items()]

    async def keep(self, slot: Slot, ranking: list[Ranked]) -> None:
        """Keep what was found for a slot that was empty."""
        if slot.key is not None:
            text = msgspec.json.encode(ranking)
            await self._call([("SET", slot.key, text, "PX", to_ms(LIFE))])

    def _key(self, how: str, text: str, kind: Kind) -> str | None:
        generation = self._generations.of(kind)
        if generation is None:
            return None
        words = blake2b(f"{how}\0{text}".encode(), digest_size=16).hexdigest()
        return f"{{control}}:search:{kind}:{generation}:{words}"

    def _slot(self, kind: Kind, key: str | None, held: dict[str, bytes | None] | None) -> Slot:
        if key is None or held is None:
            _lookups.labels("none").inc()
            return Slot(kind, None, None)
        text = held[key]
        _lookups.labels("miss" if text is None else "hit").inc()
        return Slot(kind, key, None if text is None else _rankings.decode(text))

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
