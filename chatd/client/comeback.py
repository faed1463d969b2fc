"""When to come back after a connection ended, where to, and when never. Pure: the policy of reconnecting.

Delays are full jitter over an exponential cap ("Exponential Backoff And Jitter", AWS Architecture Blog, 2015): clients
that lost one replica together do not return together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from chatd.client.errors import Stopped
from common.disconnect import BAD_TOKEN, BY_CODE, SESSION_REVOKED, TOKEN_EXPIRED
from common.units import MILLISECONDS, SECONDS

BASE: Final = 100 * MILLISECONDS
CAP: Final = 15 * SECONDS
STABLE: Final = 5 * SECONDS  # a connection that lived this long shows that its replica is well

_CURED_BY_TOKEN: Final = frozenset({BAD_TOKEN.code, SESSION_REVOKED.code})


def full_jitter(attempt: int, rng: Random) -> float:
    """Seconds to wait before try number `attempt` (from 0) after a failure."""
    return rng.uniform(0, min(CAP, BASE * 2 ** min(attempt, 16)))


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a connection ended. `code` is the server's close code, `after` the seconds it asked us to stay away."""

    why: str
    code: int | None = None
    after: float = 0.0
    lived: float = 0.0  # seconds since `welcome`
    forbidden: bool = False  # the handshake was refused in a way that the next one would be, too


class Comeback:
    """Which replica is next, and when."""

    def __init__(self, urls: Sequence[str], rng: Random) -> None:
        if not urls:
            raise ValueError("a client needs at least one URL")
        self._urls = rng.sample(urls, len(urls))
        self._rng = rng
        self._visits = 0
        self._failures = 0
        self._forgiven = False

    def next_url(self) -> str:
        """The replica to visit now: all of them in turn, in an order of this client's own."""
        url = self._urls[self._visits % len(self._urls)]
        self._visits += 1
        return url

    def welcomed(self) -> None:
        """The token was accepted."""
        self._forgiven = False

    def after(self, loss: Loss) -> float:
        """Seconds to stay away.

        Raises `Stopped` when there is no coming back: close codes from 4500 on. A refusal of the token or its session
        is forgiven once, for the token source may have a better one: it is the judge of whether the session has ended.
        """
        if loss.code in _CURED_BY_TOKEN and not self._forgiven:
            self._forgiven = True
            return 0.0
        if loss.forbidden or (loss.code is not None and 4500 <= loss.code <= 4999):
            raise Stopped(loss.why, BY_CODE.get(loss.code or 0))
        if loss.lived >= STABLE:
            self._failures = 0
        delay = full_jitter(self._failures, self._rng)
        self._failures += 1
        return loss.after + delay


def needs_new_token(loss: Loss) -> bool:
    """Whether the token was what the server minded."""
    return loss.code == TOKEN_EXPIRED.code or loss.code in _CURED_BY_TOKEN
