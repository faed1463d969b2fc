"""The rules of one connection after hello: how fast, how long, how many rooms.

It decides and remembers; it neither sends nor closes. Seconds come from a monotonic clock, milliseconds from the wall.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from chatd.core.ratelimit import TokenBucket
from common import disconnect, limits, protocol
from common.disconnect import ConnectionEnded, Disconnect
from common.errors import MadangError
from common.units import KIB, to_ms

ROOMS_RETRY_MS: Final = 1000  # nobody knows when a room will be closed; not to ask again at once


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one connection may do. The defaults are the product's promise."""

    command_rate: float = limits.COMMAND_RATE  # a second
    command_burst: float = limits.COMMAND_BURST
    refusals: float = (
        120  # refused commands in a burst before the connection is ended; half come back a second
    )
    noise_rate: float = 200  # bytes a second that are no command: pings, pongs, pieces of a message
    noise_burst: float = 256 * KIB
    turn_rate: float = 0.5  # a second; words of being away and back, each of which many may have to hear
    turn_burst: float = 10
    question_rate: float = (
        2  # a second; questions about two hundred people, each of which costs the stores something
    )
    question_burst: float = 20
    emote_rate: float = 2  # a second; what is shown for three is enough then
    emote_burst: float = 6
    rooms: int = protocol.MAX_ROOMS
    grace: float = limits.GRACE  # after the token's end, to listen and refresh
    warning: float = limits.WARNING  # before the token's end, to say so


class Session:
    """Who this is, until when, and what they used up."""

    __slots__ = (
        "_commands",
        "_emotes",
        "_limits",
        "_noise",
        "_questions",
        "_refusals",
        "_turns",
        "_warned",
        "expires_at",
        "id",
        "permissions",
        "revisions",
        "user",
    )

    def __init__(
        self,
        *,
        user: str,
        session: str,
        expires_at: int,
        permissions: Collection[str],
        limits: Limits,
        now: float,
    ) -> None:
        self.user = user
        self.id = session
        self.expires_at = expires_at
        self.permissions = frozenset(permissions)
        self.revisions = 0
        self._limits = limits
        self._commands = TokenBucket(limits.command_rate, limits.command_burst, now)
        self._refusals = TokenBucket(limits.refusals / 2, limits.refusals, now)
        self._noise = TokenBucket(limits.noise_rate, limits.noise_burst, now)
        self._turns = TokenBucket(limits.turn_rate, limits.turn_burst, now)
        self._questions = TokenBucket(limits.question_rate, limits.question_burst, now)
        self._emotes = TokenBucket(limits.emote_rate, limits.emote_burst, now)
        self._warned = False

    def admit(self, now: float) -> None:
        """A command came. Raises MadangError `rate_limited` with `retry_after_ms`; ends who goes on regardless."""
        wait = self._commands.take(now)
        if wait:
            if self._refusals.take(now):
                raise ConnectionEnded(disconnect.TOO_FAST)
            raise _too_soon(wait)

    def require(self, permission: str | None) -> None:
        """Raises MadangError `forbidden` when the token does not carry `permission`."""
        if permission is not None and permission not in self.permissions:
            raise MadangError("forbidden")

    def may_turn(self, now: float) -> None:
        """Raises MadangError `rate_limited` when the person turns away and back too often."""
        if wait := self._turns.take(now):
            raise _too_soon(wait)

    def may_ask(self, now: float) -> None:
        """Raises MadangError `rate_limited` when it is too soon for another costly question."""
        if wait := self._questions.take(now):
            raise _too_soon(wait)

    def may_emote(self, now: float) -> None:
        """Raises MadangError `rate_limited` when it is too soon for another emoji."""
        if wait := self._emotes.take(now):
            raise _too_soon(wait)

    def too_noisy(self, grown: int, now: float) -> bool:
        """Whether so many bytes more that are no command are too many; fewer, when a message in pieces became one."""
        return self._noise.take(now, grown) > 0

    def may_act(self, now_ms: int) -> None:
        """Raises MadangError `token_expired` when the token is past its end: such a one may only listen."""
        if now_ms >= self.expires_at:
            raise MadangError("token_expired")

    def may_open(self, open_rooms: int) -> None:
        """Raises MadangError `too_many_rooms` when one more is too many."""
        if open_rooms >= self._limits.rooms:
            raise MadangError("too_many_rooms", retry_after_ms=ROOMS_RETRY_MS)

    def renew(self, *, user: str, session: str, expires_at: int, permissions: Collection[str]) -> None:
        """A newer token came, and what it permits. One that ends before the last one did says nothing new.

        Raises MadangError `token_invalid` when it is another's, or of another session.
        """
        if (user, session) != (self.user, self.id):
            raise MadangError("token_invalid")
        if expires_at >= self.expires_at:
            self.expires_at = expires_at
            self.permissions = frozenset(permissions)
        self._warned = False

    def revise(self, permissions: Collection[str]) -> None:
        """The person may do something else from now on. `revisions` counts how often that was heard."""
        self.permissions = frozenset(permissions)
        self.revisions += 1

    def due(self, now_ms: int) -> Disconnect | Literal["warn"] | None:
        """What the passing of time asks for: an end after the grace, one warning before the token's end, or nothing."""
        left = self.expires_at - now_ms
        if left <= -to_ms(self._limits.grace):
            return disconnect.TOKEN_EXPIRED
        if left <= to_ms(self._limits.warning) and not self._warned:
            self._warned = True
            return "warn"
        return None


def _too_soon(wait: float) -> MadangError:
    return MadangError("rate_limited", retry_after_ms=max(1, math.ceil(wait * 1000)))
