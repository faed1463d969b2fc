"""One connection's times: what was heard when, what is due when. Pure; made anew for each connection."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import Final

from common.protocol import AnyCommand, Welcome
from common.units import SECONDS

HELLO_PATIENCE: Final = 15 * SECONDS  # from the handshake to `welcome`
SILENCE_GRACE: Final = 5 * SECONDS  # past two heartbeats without a frame the server is gone
RENEW_AT: Final = (0.7, 0.85)  # of a token's life, at random: tokens made together are not renewed together


@dataclass(slots=True, eq=False)
class Link:
    """The present connection. Times are the core's; `offset_ms` leads from them to the server's clock.

    `outbox` holds what is said on this connection or never: the hello, heartbeats, rooms closed.
    """

    outbox: list[AnyCommand]
    heard_at: float
    welcome_at: float | None = None
    heartbeat: float = math.inf  # seconds
    pinged: bool = False  # since the last frame heard
    offset_ms: float = 0.0
    renew_at: float = math.inf
    renewing: bool = False
    leave_at: float = math.inf

    def heard(self, now: float) -> None:
        """A frame came, whatever it was: the server is there."""
        self.heard_at = now
        self.pinged = False

    def welcomed(self, welcome: Welcome, now: float) -> None:
        """The server knows us: its clock and its heartbeat are known from here on."""
        self.welcome_at = now
        self.heartbeat = welcome.heartbeat_ms / 1000
        self.offset_ms = welcome.now - now * 1000

    def token_ends(self, expires_at: int, now: float, rng: Random) -> float:
        """The token lives until `expires_at` (server's ms): plan its renewal; answer the end in the core's time."""
        ends = (expires_at - self.offset_ms) / 1000
        self.renewing = False
        self.renew_at = now + max(0.0, ends - now) * rng.uniform(*RENEW_AT)
        return ends

    @property
    def silent_at(self) -> float:
        """When the server's silence means that it is gone."""
        if self.welcome_at is None:
            return self.heard_at + HELLO_PATIENCE
        return self.heard_at + 2 * self.heartbeat + SILENCE_GRACE

    @property
    def ping_at(self) -> float:
        """When silence is long enough to ask whether the server is there; infinity once asked."""
        return math.inf if self.pinged else self.heard_at + self.heartbeat

    def deadline(self) -> float:
        """The nearest of this connection's own times."""
        renew_at = math.inf if self.renewing else self.renew_at
        return min(self.silent_at, self.ping_at, renew_at, self.leave_at)
