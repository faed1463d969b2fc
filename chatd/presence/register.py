"""The shared register of who is connected: the keys and scripts of presence in Redis.

What it guarantees: each change is told once, in its stream, in the same step that makes it true; a count is what the
living replicas said last. Time is the server's. What it does not: survive. It knows nothing of sockets or of tasks.

No call handles more than `MOST` users, so that none holds the server for longer than a few milliseconds.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from importlib.resources import files
from typing import Any, Final, NamedTuple

from chatd.core.presence import Change, Report, State
from common.presence import TAG, count_people, who_is_here
from common.redis import Argument, Redis
from common.roomlog.position import parse_stream_id
from common.units import SECONDS, to_ms

MOST: Final = 500  # users in one call
_REREAD: Final = 10 * SECONDS  # of the news, by a reader who does not know what it missed
_ENTRIES: Final = 200  # of the news in one read

_NAMES: Final = ("terms", "ended", "serials", "people", "leaving", "news", "watch", "away", "term:")
KEYS: Final = [f"{TAG}:{name}" for name in _NAMES]
_WATCH: Final = KEYS[6]
_NEWS: Final = KEYS[5]


def _text(name: str) -> str:
    return files("chatd.presence").joinpath(name).read_text("utf-8")


class Counted(NamedTuple):
    """What the register answers of a user: how many waiting connections it admitted, and how many there are with them."""

    admitted: int
    total: int


class Register:
    """The register. Every method raises `StoreUnavailable` when Redis cannot answer now.

    Args:
        lease: seconds that a term lives without a sign of life.
        calm: seconds without any connection after which a user is offline, and without one that is awake, away.
        gap: seconds without a sweep by anybody after which nobody is ended before all had a lease's time to speak.
        most: connections of one user, over all replicas, past which no other is admitted.
        clock: the Lua function `clock`, the time in milliseconds.
    """

    def __init__(
        self, redis: Redis, *, lease: float, calm: float, gap: float, most: int, clock: str | None = None
    ) -> None:
        self._redis = redis
        self._most = most
        self._lease_ms, self._calm_ms, self._gap_ms = to_ms(lease), to_ms(calm), to_ms(gap)
        # The first line makes a server that is full refuse a script whole, where it would else stop in the middle.
        shared = "#!lua\n" + (_text("clock.lua") if clock is None else clock) + _text("keys.lua")
        self._begin = redis.script(shared + _text("begin.lua"))
        self._report = redis.script(shared + _text("report.lua"))
        self._release = redis.script(shared + _text("release.lua"))
        self._sweep = redis.script(shared + _text("sweep.lua"))

    async def begin(self, term: str, *, instead_of: str) -> str:
        """Begin a term; the living ones whose names begin with `instead_of` end. The name of the register's memory."""
        epoch: bytes = await self._begin(KEYS, [term, instead_of, secrets.token_hex(6)])
        return epoch.decode()

    async def report(self, term: str, report: Report) -> dict[str, Counted] | None:
        """Say `report`: what became of each user's connections. None when the term is over or lost something."""
        arguments: list[Argument] = [term, report.serial, report.acked, self._calm_ms, self._most]
        for user, held, awake, _, waiting_awake in report.sayings:
            arguments += (user, held, awake, waiting_awake)
        heard, *numbers = await self._report(KEYS, arguments)
        if not heard:
            return None
        counted = map(Counted, numbers[::2], numbers[1::2])
        return {saying.user: each for saying, each in zip(report.sayings, counted, strict=True)}

    async def release(self, term: str) -> None:
        """End a term whose connections are all gone now."""
        await self._release(KEYS, [term])

    async def sweep(self) -> bool:
        """Do a part of what time asks for; whether there is more to do at once."""
        more: int = await self._sweep(KEYS, [self._lease_ms, self._calm_ms, self._gap_ms, MOST])
        return bool(more)

    async def states(self, users: Sequence[str]) -> dict[str, State]:
        """Those of `users` who are online or away: what was told, so who left a moment ago still is. One round trip."""
        return {**await who_is_here(self._redis, users)}

    async def count(self) -> int:
        """How many people are online or away."""
        return await count_people(self._redis)

    async def epoch(self) -> str | None:
        """The name of the register's memory; None when it is empty."""
        epoch: bytes | None = await self._redis.call("HGET", _WATCH, "epoch")
        return None if epoch is None else epoch.decode()

    async def recent(self) -> bytes:
        """Where a reader of the news begins: a few seconds before the newest, for better twice than never."""
        return b"%d-0" % max(0, await self._last_told() - to_ms(_REREAD))

    async def _last_told(self) -> int:
        newest = await self._redis.call("XREVRANGE", _NEWS, "+", "-", "COUNT", 1)
        return parse_stream_id(newest[0][0])[0] if newest else 0

    async def news(self, after: bytes, *, wait: float | None = None) -> tuple[bytes, list[Change]]:
        """Changes told after the entry `after`, in order, and the entry they end with; waits up to `wait` seconds.

        When the stream began anew and is behind `after`, it goes on from `recent`.
        """
        block: list[Argument] = [] if wait is None else ["BLOCK", to_ms(wait)]
        reply = await self._redis.call("XREAD", "COUNT", _ENTRIES, *block, "STREAMS", _NEWS, after)
        if reply:
            entries = reply[0][1]
            return entries[-1][0], [change for entry in entries for change in _changes(*entry)]
        if await self._last_told() < parse_stream_id(after)[0]:
            return await self.recent(), []
        return after, []


def _changes(entry_id: bytes, fields: list[Any]) -> list[Change]:
    at = parse_stream_id(entry_id)[0]
    return [
        change
        for field, words in zip(fields[::2], fields[1::2], strict=True)
        for change in _changes_of(field.decode(), words.decode().split(" "), at)
    ]


def _changes_of(field: str, words: list[str], at: int) -> list[Change]:
    if field == "offline":
        return [
            Change(user, "offline", at, int(seen)) for user, seen in zip(words[::2], words[1::2], strict=True)
        ]
    state: State = "away" if field == "away" else "online"
    return [Change(user, state, at) for user in words]
